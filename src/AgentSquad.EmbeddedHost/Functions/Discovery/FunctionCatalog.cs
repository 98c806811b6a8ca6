using System.Diagnostics.CodeAnalysis;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>All functions of the app by name, without regard to case.</summary>
internal sealed class FunctionCatalog
{
    private readonly Dictionary<string, FunctionDescriptor> _orchestrators;
    private readonly Dictionary<string, FunctionDescriptor> _activities;

    public FunctionCatalog(IReadOnlyList<FunctionDescriptor> functions)
    {
        All = functions;
        _orchestrators = ByName(FunctionTrigger.Orchestration);
        _activities = ByName(FunctionTrigger.Activity);
    }

    /// <summary>Every function.</summary>
    public IReadOnlyList<FunctionDescriptor> All { get; }

    /// <summary>Whether the app has anything that runs under the task hub's owner only, or talks to the hub.</summary>
    public bool NeedsTaskHub => All.Any(function => function.Trigger != FunctionTrigger.Http || function.Binders.Any(binder => binder.NeedsTaskHub));

    /// <summary>Functions of one trigger.</summary>
    public IEnumerable<FunctionDescriptor> Of(FunctionTrigger trigger) => All.Where(function => function.Trigger == trigger);

    /// <summary>An orchestrator by name.</summary>
    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out FunctionDescriptor? function) => _orchestrators.TryGetValue(name, out function);

    /// <summary>An activity by name.</summary>
    public bool TryGetActivity(string name, [NotNullWhen(true)] out FunctionDescriptor? function) => _activities.TryGetValue(name, out function);

    private Dictionary<string, FunctionDescriptor> ByName(FunctionTrigger trigger)
        => Of(trigger).ToDictionary(FunctionNames.Durable, StringComparer.OrdinalIgnoreCase);
}
