using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AgentSquad.Functions.Tests.Proofs;

/// <summary>A use of the host in a compiled assembly: a type, or a member of it.</summary>
/// <param name="Type">Full name; arity as in <c>AsyncPageable`1</c>.</param>
/// <param name="Member">Name of the member, properties without <c>get_</c>; null for the type itself.</param>
/// <param name="Parameters">Names of a method's parameter types; empty for others.</param>
internal sealed record HostReference(string Type, string? Member, ImmutableArray<string> Parameters)
{
    public string Namespace => Type.LastIndexOf('.') is var dot and > 0 ? Type[..dot] : "";

    public string Name => Type[(Type.LastIndexOf('.') + 1)..];

    public override string ToString() => Member is null ? Type : $"{Type}.{Member}({string.Join(", ", Parameters)})";

    /// <summary>Everything that an assembly uses of another one, read from its metadata.</summary>
    public static IReadOnlyList<HostReference> Read(Stream assembly, string hostName)
    {
        using var image = new PEReader(assembly);
        var reader = image.GetMetadataReader();
        var names = new TypeNames(reader, hostName);
        var types = reader.TypeReferences.Where(names.IsOfHost).Select(handle => new HostReference(names.Of(handle), null, []));
        var members = reader.MemberReferences.Select(handle => ReadMember(reader, names, handle)).OfType<HostReference>();
        return [.. types.Concat(members).DistinctBy(reference => reference.ToString()).OrderBy(reference => reference.ToString(), StringComparer.Ordinal)];
    }

    private static HostReference? ReadMember(MetadataReader reader, TypeNames names, MemberReferenceHandle handle)
    {
        var member = reader.GetMemberReference(handle);
        if (names.ParentOf(member) is not { } parent) return null;
        var name = reader.GetString(member.Name);
        if (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)) name = name[4..];
        var parameters = member.GetKind() == MemberReferenceKind.Method ? member.DecodeMethodSignature(names, null).ParameterTypes : [];
        return new HostReference(parent, name, parameters);
    }

    /// <summary>Names of types, enough to tell overloads apart.</summary>
    private sealed class TypeNames(MetadataReader reader, string hostName) : ISignatureTypeProvider<string, object?>
    {
        public bool IsOfHost(TypeReferenceHandle handle)
        {
            var scope = reader.GetTypeReference(handle).ResolutionScope;
            return scope.Kind switch
            {
                HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == hostName,
                HandleKind.TypeReference => IsOfHost((TypeReferenceHandle)scope),
                _ => false,
            };
        }

        public string Of(TypeReferenceHandle handle)
        {
            var type = reader.GetTypeReference(handle);
            var name = reader.GetString(type.Name);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{Of((TypeReferenceHandle)type.ResolutionScope)}+{name}"
                : $"{reader.GetString(type.Namespace)}.{name}";
        }

        public string? ParentOf(MemberReference member) => member.Parent.Kind switch
        {
            HandleKind.TypeReference when IsOfHost((TypeReferenceHandle)member.Parent) => Of((TypeReferenceHandle)member.Parent),
            HandleKind.TypeSpecification => OfHostOrNull(
                reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(this, null)),
            _ => null,
        };

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader metadata, TypeDefinitionHandle handle, byte rawTypeKind) =>
            metadata.GetString(metadata.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader metadata, TypeReferenceHandle handle, byte rawTypeKind) => Of(handle);

        public string GetTypeFromSpecification(MetadataReader metadata, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            metadata.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        private string? OfHostOrNull(string name) =>
            reader.TypeReferences.Any(handle => IsOfHost(handle) && Of(handle) == name) ? name : null;
    }
}
