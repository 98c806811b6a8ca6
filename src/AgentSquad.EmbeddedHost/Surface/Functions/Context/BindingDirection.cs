namespace Microsoft.Azure.Functions.Worker;

/// <summary>Direction of a binding.</summary>
public enum BindingDirection
{
    /// <summary>Into the function.</summary>
    In = 0,

    /// <summary>Out of the function.</summary>
    Out = 1,
}
