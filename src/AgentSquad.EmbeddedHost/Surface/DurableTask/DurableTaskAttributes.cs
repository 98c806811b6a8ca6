namespace Microsoft.DurableTask;

/// <summary>Names the durable task that a class implements.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class DurableTaskAttribute : Attribute
{
    /// <summary>Names the task; null takes the class name.</summary>
    public DurableTaskAttribute(string? name = null)
    {
        Name = string.IsNullOrEmpty(name) ? default : new TaskName(name);
    }

    /// <summary>The name; the default value takes the class name.</summary>
    public TaskName Name { get; }

    /// <summary>The version; null for none.</summary>
    public string? Version { get; set; }
}

/// <summary>Names the external event whose payload a type is.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class DurableEventAttribute : Attribute
{
    /// <summary>Names the event; null takes the type name.</summary>
    public DurableEventAttribute(string? name = null)
    {
        Name = string.IsNullOrEmpty(name) ? default : new TaskName(name);
    }

    /// <summary>The name; the default value takes the type name.</summary>
    public TaskName Name { get; }
}
