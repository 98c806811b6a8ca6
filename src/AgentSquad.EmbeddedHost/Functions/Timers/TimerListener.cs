using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Timers;

/// <summary>Runs one function on its schedule; one run at a time, and the next occurrence counts from its end.</summary>
internal sealed class TimerListener(
    FunctionDescriptor function, TimerSchedule schedule, TimerTriggerAttribute trigger, ITimerMemory memory, FunctionRunner runner, TimeProvider time)
{
    // Shorter schedules are not remembered, as with Azure Functions: the next occurrence makes up for a missed one soon enough.
    private static readonly TimeSpan ShortestRemembered = TimeSpan.FromMinutes(1);

    // Timers of the platform end at about 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Runs until cancelled.</summary>
    /// <param name="stopping">Starts no further run.</param>
    /// <param name="abandon">Cancels the run in progress.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        var isRemembered = trigger.UseMonitor && schedule.Next(schedule.Next(Now)) - schedule.Next(Now) >= ShortestRemembered;
        try
        {
            var (status, isPastDue) = isRemembered ? await RecallAsync(stopping) : default;
            if (isPastDue || trigger.RunOnStartup) status = await RunOnceAsync(status, isPastDue, isRemembered, stopping, abandon);
            while (true)
            {
                var next = schedule.Next(Now);
                await WaitUntilAsync(next, stopping);
                status = await RunOnceAsync(status, isPastDue: false, isRemembered, stopping, abandon);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    // As Azure Functions does: a timer's first start is remembered, so that its very first occurrence can be missed; what a changed schedule
    // would have had in the past was never missed.
    private async Task<(ScheduleStatus? Status, bool IsPastDue)> RecallAsync(CancellationToken stopping)
    {
        var now = Now;
        var status = await memory.ReadAsync(function.Name, stopping);
        var expected = status is null ? default : schedule.Next(status.LastUpdated == default ? status.Last : status.LastUpdated);
        if (status is not null && status.Next == expected) return (status, expected < now);
        var anew = new ScheduleStatus { Next = expected > now ? expected : schedule.Next(now), LastUpdated = now };
        await memory.WriteAsync(function.Name, anew, stopping);
        return (anew, false);
    }

    private async Task WaitUntilAsync(DateTime moment, CancellationToken stopping)
    {
        while (moment - Now is var left && left > TimeSpan.Zero) await Task.Delay(left < LongestWait ? left : LongestWait, time, stopping);
    }

    private async Task<ScheduleStatus> RunOnceAsync(
        ScheduleStatus? status, bool isPastDue, bool isRemembered, CancellationToken stopping, CancellationToken abandon)
    {
        stopping.ThrowIfCancellationRequested();
        var started = Now;
        var current = new ScheduleStatus { Last = status?.Last ?? default, Next = schedule.Next(started), LastUpdated = status?.LastUpdated ?? default };
        var timer = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = isRemembered ? current : null };
        try
        {
            await runner.RunAsync(function, new TriggerValue(timer, TriggerValue.NoData), null, abandon);
        }
        catch (Exception)
        {
            // Logged by the runner; the next occurrence is the retry.
        }

        var now = Now;
        var done = new ScheduleStatus { Last = started, Next = schedule.Next(now), LastUpdated = now };
        if (isRemembered) await memory.WriteAsync(function.Name, done, stopping);
        return done;
    }
}
