using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentSquad.EmbeddedHost.Tests.Surface;

/// <summary>Describes a compiled type in the text form of the listings.</summary>
internal static class ApiDescriber
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler adds to records and no caller can name.
    private static readonly string[] RecordInternals = ["EqualityContract", "PrintMembers", "<Clone>$"];

    public static ApiType Describe(Type type)
    {
        var header = Header(type);
        return new ApiType(ApiListing.NameOf(header), header, Members(type).ToHashSet());
    }

    private static string Header(Type type)
    {
        var attributes = ApiText.Attributes(type);
        var parameters = ApiText.Constraints(type.GetGenericArguments());
        if (type.BaseType == typeof(MulticastDelegate))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"{attributes}public delegate {ApiText.Of(invoke.ReturnType)} {ApiText.Of(type)}({ApiText.Parameters(invoke)}){parameters}";
        }

        var bases = type.IsEnum ? [] : Bases(type).ToArray();
        var inherits = bases.Length == 0 ? "" : $" : {string.Join(", ", bases)}";
        return $"{attributes}public {Kind(type)} {ApiText.Of(type)}{inherits}{parameters}";
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        var isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        if (type.IsValueType)
        {
            var isReadOnly = type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false);
            return $"{(isReadOnly ? "readonly " : "")}{(isRecord ? "record " : "")}struct";
        }

        var modifier = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        return modifier + (isRecord ? "record" : "class");
    }

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) yield return ApiText.Of(parent);
        var all = type.GetInterfaces().Where(face => face.IsVisible).ToArray();
        var implied = all.SelectMany(face => face.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        foreach (var name in all.Where(face => !implied.Contains(face)).Select(ApiText.Of).Order(StringComparer.Ordinal)) yield return name;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.BaseType == typeof(MulticastDelegate)) return [];
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{ApiText.Attributes(field)}{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}");
        }

        var constructors = type.GetConstructors(Declared).Where(IsVisible)
            .Select(constructor => $"{Access(constructor)}{ShortName(type)}({ApiText.Parameters(constructor)})");
        var fields = type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly).Select(Field);
        var properties = type.GetProperties(Declared).Where(property => !RecordInternals.Contains(property.Name)).Select(Property).OfType<string>();
        var events = type.GetEvents(Declared).Where(one => IsVisible(one.AddMethod!))
            .Select(one => $"{Access(one.AddMethod!)}event {ApiText.Of(one.EventHandlerType!)} {one.Name}");
        var methods = type.GetMethods(Declared)
            .Where(method => IsVisible(method) && !RecordInternals.Contains(method.Name) && !IsAccessor(type, method))
            .Select(Method);
        return constructors.Concat(fields).Concat(properties).Concat(events).Concat(methods);
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.GetGenericArguments();
        var parameters = generic.Length == 0 ? "" : $"<{string.Join(", ", generic.Select(parameter => parameter.Name))}>";
        return $"{ApiText.Attributes(method)}{Access(method)}{Modifier(method)}{ApiText.Of(method.ReturnType)} {method.Name}{parameters}" +
               $"({ApiText.Parameters(method)}){(IsOverride(method) ? "" : ApiText.Constraints(generic))}";
    }

    private static string? Property(PropertyInfo property)
    {
        var get = Visible(property.GetMethod);
        var set = Visible(property.SetMethod);
        if ((get ?? set) is not { } main) return null;
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var narrow = get is not null && set is not null && get.IsPublic && !set.IsPublic ? "protected " : "";
        var accessors = $"{(get is null ? "" : "get; ")}{(set is null ? "" : isInit ? $"{narrow}init; " : $"{narrow}set; ")}";
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(one => $"{ApiText.Of(one.ParameterType)} {one.Name}"))}]";
        return $"{ApiText.Attributes(property)}{Access(main)}{Modifier(main)}{ApiText.Of(property.PropertyType)} {name} {{ {accessors}}}";
    }

    private static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "public " : "protected ";
        var kind = field.IsLiteral ? "const " : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}";
        var value = field.IsLiteral ? $" = {ApiText.Value(field.GetRawConstantValue(), field.FieldType)}" : "";
        return $"{ApiText.Attributes(field)}{access}{kind}{ApiText.Of(field.FieldType)} {field.Name}{value}";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static MethodInfo? Visible(MethodInfo? method) => method is not null && IsVisible(method) ? method : null;

    private static bool IsAccessor(Type type, MethodInfo method)
        => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)
           && (type.GetProperties(Declared).Any(property => property.GetMethod == method || property.SetMethod == method)
               || type.GetEvents(Declared).Any(one => one.AddMethod == method || one.RemoveMethod == method));

    private static bool IsOverride(MethodInfo method) => method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot);

    private static string Access(MethodBase method)
        => method.DeclaringType!.IsInterface ? "" : method.IsPublic ? "public " : "protected ";

    private static string Modifier(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface) return "";
        if (method.IsStatic) return "static ";
        if (!method.IsVirtual) return "";
        if (IsOverride(method)) return method.IsFinal ? "sealed override " : method.IsAbstract ? "abstract override " : "override ";
        return method.IsAbstract ? "abstract " : method.IsFinal ? "" : "virtual ";
    }

    private static string ShortName(Type type)
    {
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : type.Name[..tick];
    }
}
