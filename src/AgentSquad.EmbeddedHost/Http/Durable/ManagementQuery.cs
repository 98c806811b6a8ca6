using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>
/// Query parameters of management requests. As officially, one that cannot be read is as good as missing; with <paramref name="isStrict"/> it is
/// answered 400.
/// </summary>
internal sealed class ManagementQuery(IQueryCollection query, bool isStrict = false)
{
    /// <summary>A text; null when missing or empty.</summary>
    public string? Text(string name) => query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool missing)
        => Text(name) is not { } text ? missing : bool.TryParse(text, out var flag) ? flag : Unreadable(missing, name, "true or false");

    /// <summary>A whole number; one outside the range is answered 400.</summary>
    public int Number(string name, int missing, int least, int most)
    {
        var expected = $"a whole number from {least} to {most}";
        if (Text(name) is not { } text) return missing;
        if (!int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)) return Unreadable(missing, name, expected);
        return number >= least && number <= most ? number : throw Wrong(name, expected);
    }

    /// <summary>A number of seconds, also parts of one; null when missing.</summary>
    public TimeSpan? Seconds(string name)
    {
        if (Text(name) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= int.MaxValue / 1000
            ? TimeSpan.FromSeconds(seconds)
            : Unreadable<TimeSpan?>(null, name, "a number of seconds");
    }

    /// <summary>A point in time, ISO 8601; UTC when it does not say.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : Unreadable<DateTimeOffset?>(null, name, "a time in ISO 8601");
    }

    /// <summary>Statuses, separated by commas or given more than once; null when none is named.</summary>
    public IReadOnlyList<OrchestrationRuntimeStatus>? Statuses()
    {
        const string name = "runtimeStatus";
        if (Text(name) is not { } text) return null;
        List<OrchestrationRuntimeStatus> statuses = [];
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Enum.TryParse<OrchestrationRuntimeStatus>(word, ignoreCase: true, out var status) && Enum.IsDefined(status)) statuses.Add(status);
            else _ = Unreadable(false, name, $"statuses out of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}");
        }

        return statuses.Count > 0 ? statuses : null;
    }

    private T Unreadable<T>(T missing, string name, string expected) => isStrict ? throw Wrong(name, expected) : missing;

    private static ManagementException Wrong(string name, string expected)
        => new(StatusCodes.Status400BadRequest, $"The query parameter '{name}' must be {expected}.");
}
