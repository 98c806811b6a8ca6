using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>Query parameters of management requests; a value that cannot be read is answered 400.</summary>
internal sealed class ManagementQuery(IQueryCollection query)
{
    /// <summary>A text; null when missing or empty.</summary>
    public string? Text(string name) => query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool missing)
        => Text(name) is not { } text ? missing : bool.TryParse(text, out var flag) ? flag : throw Wrong(name, "true or false");

    /// <summary>A whole number in a range.</summary>
    public int Number(string name, int missing, int least, int most)
    {
        if (Text(name) is not { } text) return missing;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}");
    }

    /// <summary>A number of seconds, also parts of one; null when missing.</summary>
    public TimeSpan? Seconds(string name)
    {
        if (Text(name) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= int.MaxValue / 1000
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(name, "a number of seconds");
    }

    /// <summary>A point in time, ISO 8601; UTC when it does not say.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Wrong(name, "a time in ISO 8601");
    }

    /// <summary>Statuses, separated by commas or given more than once; null when none is named.</summary>
    public IReadOnlyList<OrchestrationRuntimeStatus>? Statuses()
    {
        const string name = "runtimeStatus";
        if (Text(name) is not { } text) return null;
        return [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word =>
            Enum.TryParse<OrchestrationRuntimeStatus>(word, ignoreCase: true, out var status) && Enum.IsDefined(status)
                ? status
                : throw Wrong(name, $"statuses out of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}"))];
    }

    private static ManagementException Wrong(string name, string expected)
        => new(StatusCodes.Status400BadRequest, $"The query parameter '{name}' must be {expected}.");
}
