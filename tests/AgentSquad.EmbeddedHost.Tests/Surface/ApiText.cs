using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentSquad.EmbeddedHost.Tests.Surface;

/// <summary>Types, values, attributes and parameters as the listings write them.</summary>
internal static class ApiText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte",
        [typeof(char)] = "char", [typeof(short)] = "short", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    private static readonly string[] ListedAttributes =
        ["AttributeUsageAttribute", "ObsoleteAttribute", "EditorBrowsableAttribute", "JsonConverterAttribute", "JsonPropertyNameAttribute"];

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsByRef) return Of(type.GetElementType()!);
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[]";
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Of(value)}?";

        var arguments = new Queue<Type>(type.GetGenericArguments());
        var chain = new Stack<Type>();
        for (var outer = type; outer is not null; outer = outer.DeclaringType) chain.Push(outer);
        var names = chain.Select(part =>
        {
            var tick = part.Name.IndexOf('`', StringComparison.Ordinal);
            if (tick < 0) return part.Name;
            var count = int.Parse(part.Name[(tick + 1)..], CultureInfo.InvariantCulture);
            return $"{part.Name[..tick]}<{string.Join(", ", Enumerable.Range(0, count).Select(_ => Of(arguments.Dequeue())))}>";
        });
        return $"{type.Namespace}.{string.Join('.', names)}";
    }

    public static string Attributes(MemberInfo member)
        => string.Concat(member.GetCustomAttributesData().Where(data => ListedAttributes.Contains(data.AttributeType.Name)).Select(Attribute));

    public static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false);
        return string.Join(", ", method.GetParameters().Select((parameter, index) => Parameter(parameter, extension && index == 0)));
    }

    /// <summary>Constraints, each with a leading space; nullability (<c>notnull</c>) is not in the listings.</summary>
    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(parameter =>
    {
        var parts = new List<string>();
        var special = parameter.GenericParameterAttributes;
        if (special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) parts.Add("class");
        var isStruct = special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (isStruct) parts.Add("struct");
        parts.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Of));
        if (special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct) parts.Add("new()");
        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }));

    public static string Value(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ when type.IsEnum => $"{Of(type)}.{Enum.GetName(type, value) ?? value.ToString()}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Parameter(ParameterInfo parameter, bool isThis)
    {
        var modifier = isThis ? "this "
            : parameter.IsOut ? "out "
            : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ")
            : parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params " : "";
        var value = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{modifier}{Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Attribute(CustomAttributeData data)
    {
        var arguments = data.ConstructorArguments.Select(Argument)
            .Concat(data.NamedArguments.Select(named => $"{named.MemberName} = {Argument(named.TypedValue)}"));
        var type = data.AttributeType;
        var isSystem = type.Name is "AttributeUsageAttribute" or "ObsoleteAttribute" or "EditorBrowsableAttribute";
        var name = isSystem ? type.Name[..^"Attribute".Length] : Of(type);
        return $"[{name}({string.Join(", ", arguments)})] ";
    }

    private static string Argument(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        Type type => $"typeof({Of(type)})",
        int flags when argument.ArgumentType == typeof(AttributeTargets) => string.Join(
            " | ", Enum.GetValues<AttributeTargets>().Where(target => target != AttributeTargets.All && (flags & (int)target) != 0)),
        int value when argument.ArgumentType.IsEnum => Enum.GetName(argument.ArgumentType, value) ?? $"{value}",
        var value => Value(value, argument.ArgumentType),
    };
}
