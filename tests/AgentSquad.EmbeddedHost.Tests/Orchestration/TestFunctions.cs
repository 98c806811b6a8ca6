using System.Collections.Concurrent;
using AgentSquad.EmbeddedHost.Orchestration;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Orchestrators and activities as delegates.</summary>
internal sealed class TestFunctions : IDurableFunctionInvoker
{
    private readonly ConcurrentDictionary<string, Func<TaskOrchestrationContext, CancellationToken, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, Func<string, string?, CancellationToken, Task<object?>>> _activities =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often an activity was run.</summary>
    public int CallsOf(string activity) => _calls.GetValueOrDefault(activity);

    public TestFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run)
    {
        _orchestrators[name] = (context, _) => run(context);
        return this;
    }

    public TestFunctions Activity(string name, Func<string?, object?> run)
    {
        _activities[name] = (_, input, _) => Task.FromResult(run(input));
        return this;
    }

    public TestFunctions AsyncActivity(string name, Func<string, string?, CancellationToken, Task<object?>> run)
    {
        _activities[name] = run;
        return this;
    }

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public async Task<string?> InvokeOrchestratorAsync(TaskOrchestrationContext context, CancellationToken cancellationToken) =>
        JsonDataConverter.Default.Serialize(await _orchestrators[context.Name](context, cancellationToken));

    public async Task<string?> InvokeActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken cancellationToken)
    {
        _calls.AddOrUpdate(name, 1, (_, count) => count + 1);
        return JsonDataConverter.Default.Serialize(await _activities[name](instanceId, serializedInput, cancellationToken));
    }
}
