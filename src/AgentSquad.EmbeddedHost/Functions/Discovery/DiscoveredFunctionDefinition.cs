using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>A function's definition as user code sees it.</summary>
internal sealed class DiscoveredFunctionDefinition(
    string name, MethodInfo method, IEnumerable<BindingMetadata> inputs, IEnumerable<BindingMetadata> outputs) : FunctionDefinition
{
    public override string Name { get; } = name;

    public override string EntryPoint { get; } = $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string Id { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}|{method.DeclaringType!.FullName}.{method.Name}")).AsSpan(0, 8));

    public override string PathToAssembly { get; } = method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; } =
    [
        .. method.GetParameters().Select(parameter => new FunctionParameter(
            parameter.Name!, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null)),
    ];

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = inputs.ToImmutableDictionary(binding => binding.Name);

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = outputs.ToImmutableDictionary(binding => binding.Name);
}

/// <summary>A binding of a discovered function.</summary>
internal sealed class DiscoveredBinding(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name => name;

    public override string Type => type;

    public override BindingDirection Direction => direction;
}
