using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function as discovered.</summary>
public abstract class FunctionDefinition
{
    /// <summary>Its parameters in order.</summary>
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    /// <summary>File of the assembly that declares it.</summary>
    public abstract string PathToAssembly { get; }

    /// <summary>Full name of type and method.</summary>
    public abstract string EntryPoint { get; }

    /// <summary>Id, stable across restarts.</summary>
    public abstract string Id { get; }

    /// <summary>Name.</summary>
    public abstract string Name { get; }

    /// <summary>Bindings into the function by parameter name, the trigger among them.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <summary>Bindings out of the function by name.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}
