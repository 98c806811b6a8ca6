using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Gives a function the client of the task hub; sits on a <c>DurableTaskClient</c>.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>Task hub; the one of host.json when not set, and the embedded host knows no other.</summary>
    public string? TaskHub { get; set; }

    /// <summary>Name of the setting with the hub's storage connection; the one of host.json when not set.</summary>
    public string? ConnectionName { get; set; }
}
