using System.Globalization;
using NCrontab;

namespace AgentSquad.EmbeddedHost.Functions.Timers;

/// <summary>A timer's schedule: NCRONTAB with six fields (or five, without seconds), or a constant interval.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(CrontabSchedule? cron, TimeSpan interval)
    {
        _cron = cron;
        _interval = interval;
    }

    /// <summary>Reads a schedule; throws <see cref="FormatException"/>.</summary>
    public static TimerSchedule Parse(string text)
    {
        if (!text.Contains(' ', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval))
            return interval > TimeSpan.Zero ? new TimerSchedule(null, interval) : throw new FormatException("the interval must be longer than zero");
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            return new TimerSchedule(CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 }), default);
        }
        catch (CrontabException problem)
        {
            throw new FormatException(problem.Message, problem);
        }
    }

    /// <summary>What is wrong with a schedule, or null.</summary>
    public static string? Problem(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException problem)
        {
            return $"the schedule '{text}' is neither NCRONTAB with six fields (second minute hour day month weekday) nor an interval: {problem.Message}.";
        }
    }

    /// <summary>The first occurrence after a time, UTC.</summary>
    public DateTime Next(DateTime after) => _cron?.GetNextOccurrence(after) ?? after + _interval;
}
