using System.Diagnostics.CodeAnalysis;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>Whether this process still owns the hub; goes from yes to no once.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer; its token is read for as long as anyone holds the log.")]
internal sealed class Ownership
{
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _gate = new();
    private TaskHubLostException? _reason;

    /// <summary>Cancelled when ownership is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether it is lost.</summary>
    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>Records the loss. The first reason stays.</summary>
    public void Lose(string reason, Exception? cause = null)
    {
        lock (_gate)
        {
            if (_reason is not null) return;
            _reason = new TaskHubLostException(reason, cause);
        }

        // The flag is set at once; what others registered runs elsewhere, never on the thread that noticed.
        _ = _lost.CancelAsync();
    }

    /// <summary>A fresh exception with the reason.</summary>
    public TaskHubLostException Exception()
    {
        lock (_gate) return new TaskHubLostException(_reason?.Message ?? "Ownership of the task hub was given up.", _reason);
    }
}
