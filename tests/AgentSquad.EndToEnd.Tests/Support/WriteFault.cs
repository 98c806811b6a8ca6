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

/// <summary>Counts the writes to each ticket and lets one of them go wrong.</summary>
internal sealed partial class WriteFaults
{
    private readonly ConcurrentDictionary<string, Plan> _plans = new();

    /// <summary>Lets a write of a ticket go wrong.</summary>
    /// <param name="issueId">The ticket; empty for all writes, whatever they are about.</param>
    /// <param name="number">Number of the write, from 1; 0 only counts.</param>
    /// <param name="fault">What happens to it.</param>
    public void Arm(string issueId, int number, WriteFault fault) => _plans[issueId] = new Plan(number, fault);

    /// <summary>How many writes a ticket has had.</summary>
    public int CountOf(string issueId) => _plans[issueId].Count;

    /// <summary>What goes wrong with a request.</summary>
    public WriteFault Of(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method)) return WriteFault.None;
        var issue = Issue().Match(request.Path.Value ?? "").Groups["id"].Value;
        return _plans.GetValueOrDefault(issue) is { } plan || _plans.TryGetValue("", out plan) ? plan.Next() : WriteFault.None;
    }

    [GeneratedRegex("/issue/(?<id>[0-9]+)(/|$)")]
    private static partial Regex Issue();

    private sealed class Plan(int number, WriteFault fault)
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public WriteFault Next() => Interlocked.Increment(ref _count) == number ? fault : WriteFault.None;
    }
}
