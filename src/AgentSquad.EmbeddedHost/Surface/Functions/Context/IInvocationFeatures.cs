namespace Microsoft.Azure.Functions.Worker;

/// <summary>Features of an invocation by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Sets or replaces a feature.</summary>
    void Set<T>(T instance);

    /// <summary>A feature, or null.</summary>
    T? Get<T>();
}
