namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger knows beside its value.</summary>
public abstract class BindingContext
{
    /// <summary>Trigger metadata by name, without regard to case: route values, query values, queue message properties.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
