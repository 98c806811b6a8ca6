using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>The types that functions are looked for in.</summary>
internal sealed class FunctionSource(IEnumerable<Type> types)
{
    /// <summary>The types, in a stable order.</summary>
    public IReadOnlyList<Type> Types { get; } = [.. types];

    /// <summary>The entry assembly and everything it refers to that knows the Functions attributes.</summary>
    public static FunctionSource FromEntryAssembly()
    {
        var entry = Assembly.GetEntryAssembly();
        // A function is a public method; its class need not be visible to other assemblies, as with the official worker.
        return new FunctionSource(entry is null ? [] : AssembliesOf(entry).SelectMany(assembly => assembly.GetTypes()));
    }

    /// <summary>An assembly and what it refers to, as far as functions can be declared there.</summary>
    internal static IEnumerable<Assembly> AssembliesOf(Assembly entry)
    {
        var host = typeof(FunctionAttribute).Assembly.GetName().Name;
        var seen = new HashSet<string?> { entry.GetName().Name };
        var pending = new Queue<Assembly>([entry]);
        while (pending.TryDequeue(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            // Without a reference to the attributes there are no functions; and what such an assembly refers to cannot add any either,
            // unless the entry assembly refers to it as well.
            if (!references.Any(reference => reference.Name == host)) continue;
            yield return assembly;
            foreach (var reference in references.Where(reference => reference.Name != host && seen.Add(reference.Name)))
            {
                if (TryLoad(reference) is { } loaded) pending.Enqueue(loaded);
            }
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception problem) when (problem is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            // A reference that is not deployed cannot hold functions.
            return null;
        }
    }
}
