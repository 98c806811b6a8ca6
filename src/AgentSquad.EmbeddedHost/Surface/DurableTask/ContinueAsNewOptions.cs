namespace Microsoft.DurableTask;

/// <summary>How an orchestration continues as new.</summary>
public class ContinueAsNewOptions
{
    /// <summary>Input of the next execution.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether events that nobody took go to the next execution. Default true.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>Version of the next execution; null keeps the version.</summary>
    public string? NewVersion { get; set; }
}
