using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Timers;

/// <summary>Keeps the status of timers across restarts.</summary>
internal interface ITimerMemory
{
    /// <summary>A timer's status; null before its first run. Waits while storage does not answer.</summary>
    Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellationToken);

    /// <summary>Writes a timer's status. Waits while storage does not answer.</summary>
    Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellationToken);
}
