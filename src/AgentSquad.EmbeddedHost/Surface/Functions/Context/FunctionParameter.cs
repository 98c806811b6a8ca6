using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>One parameter of a function.</summary>
public class FunctionParameter
{
    /// <summary>Creates a parameter without default value.</summary>
    public FunctionParameter(string name, Type type)
        : this(name, type, ImmutableDictionary<string, object>.Empty)
    {
    }

    /// <summary>Creates a parameter without default value.</summary>
    public FunctionParameter(string name, Type type, IReadOnlyDictionary<string, object> properties)
        : this(name, type, hasDefaultValue: false, defaultValue: null, properties)
    {
    }

    /// <summary>Creates a parameter.</summary>
    public FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue)
        : this(name, type, hasDefaultValue, defaultValue, ImmutableDictionary<string, object>.Empty)
    {
    }

    /// <summary>Creates a parameter.</summary>
    public FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue, IReadOnlyDictionary<string, object> properties)
    {
        Name = name ?? throw new ArgumentNullException(nameof(name));
        Type = type ?? throw new ArgumentNullException(nameof(type));
        Properties = properties ?? throw new ArgumentNullException(nameof(properties));
        HasDefaultValue = hasDefaultValue;
        DefaultValue = defaultValue;
        IsReferenceOrNullableType = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Type.</summary>
    public Type Type { get; }

    /// <summary>What else is known about it.</summary>
    public IReadOnlyDictionary<string, object> Properties { get; }

    /// <summary>Whether the declaration gives a default value.</summary>
    public bool HasDefaultValue { get; }

    /// <summary>The declaration's default value.</summary>
    public object? DefaultValue { get; }

    /// <summary>Whether it can be null.</summary>
    public bool IsReferenceOrNullableType { get; }
}
