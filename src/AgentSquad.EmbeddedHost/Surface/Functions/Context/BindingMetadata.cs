namespace Microsoft.Azure.Functions.Worker;

/// <summary>One binding of a function.</summary>
public abstract class BindingMetadata
{
    /// <summary>The parameter's name, or <c>$return</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The binding's type as Azure Functions names it, such as <c>httpTrigger</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Into or out of the function.</summary>
    public abstract BindingDirection Direction { get; }
}
