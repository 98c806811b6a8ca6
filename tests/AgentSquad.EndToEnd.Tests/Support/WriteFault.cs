using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>What goes wrong with a write on its way to Jira.</summary>
internal enum WriteFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Jira does it, and the connection is lost before the answer.</summary>
    AnswerLost,

    /// <summary>The connection is lost at once, and Jira does it a while later.</summary>
    LandsLate,
}

/// <summary>Counts the writes that a ticket's run sends, to the ticket, its sub-tasks and its page, and lets some of them go wrong.</summary>
internal sealed partial class WriteFaults
{
    private readonly ConcurrentDictionary<string, Plan> _plans = new();
    private readonly ConcurrentDictionary<string, string> _owners = new();

    /// <summary>Lets writes of a ticket go wrong.</summary>
    /// <param name="issueId">The ticket, whose key ends in its id; empty for all writes, whatever they are about.</param>
    /// <param name="fault">What happens to them.</param>
    /// <param name="meets">Which of them, counted from 1.</param>
    public void Arm(string issueId, WriteFault fault, Predicate<int> meets) => _plans[issueId] = new Plan(fault, meets);

    /// <summary>How many writes a ticket's run has sent.</summary>
    public int CountOf(string issueId) => _plans[issueId].Count;

    /// <summary>What goes wrong with a request.</summary>
    public WriteFault Of(HttpRequest request, string body)
    {
        if (HttpMethods.IsGet(request.Method)) return WriteFault.None;
        return _plans.GetValueOrDefault(OwnerOf(request, body)) is { } plan || _plans.TryGetValue("", out plan) ? plan.Next() : WriteFault.None;
    }

    /// <summary>Remembers whose sub-task a new ticket is.</summary>
    public void Answered(HttpRequest request, string body, string answer)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.Path.Value!.EndsWith("/issue", StringComparison.Ordinal)) return;
        if (CreatedId().Match(answer) is { Success: true } created) _owners[created.Groups["id"].Value] = OwnerOf(request, body);
    }

    private string OwnerOf(HttpRequest request, string body)
    {
        var inPath = IssuePath().Match(request.Path.Value ?? "").Groups["id"].Value;
        if (inPath.Length == 0) return Key().Match(body).Groups["id"].Value;
        return _owners.GetValueOrDefault(inPath, inPath);
    }

    [GeneratedRegex("/issue/(?<id>[0-9]+)(/|$)")]
    private static partial Regex IssuePath();

    [GeneratedRegex("TEST-(?<id>[0-9]+)")]
    private static partial Regex Key();

    [GeneratedRegex("\"id\":\"(?<id>[0-9]+)\"")]
    private static partial Regex CreatedId();

    private sealed class Plan(WriteFault fault, Predicate<int> meets)
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public WriteFault Next() => meets(Interlocked.Increment(ref _count)) ? fault : WriteFault.None;
    }
}
