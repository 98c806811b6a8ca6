namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a public method as a function.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute : Attribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="name">The function's name, unique in the app without regard to case: a letter, then letters, digits, <c>_</c> or <c>-</c>.</param>
    public FunctionAttribute(string name) => Name = name;

    /// <summary>The function's name.</summary>
    public string Name { get; }
}
