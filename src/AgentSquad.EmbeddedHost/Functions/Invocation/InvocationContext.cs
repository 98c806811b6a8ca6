using System.Diagnostics;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>One invocation. Its service scope is made when first asked for: a replayed orchestrator that uses no service makes none.</summary>
internal sealed class InvocationContext(
    FunctionDescriptor function, TriggerValue trigger, IServiceScopeFactory scopes, CancellationToken cancellationToken)
    : FunctionContext, IAsyncDisposable
{
    private readonly InvocationFeatures _features = new();
    private IServiceProvider? _services;
    private AsyncServiceScope? _scope;
    private IDictionary<object, object>? _items;
    private TraceContext? _trace;

    /// <summary>What the trigger handed over.</summary>
    public TriggerValue Trigger { get; } = trigger;

    /// <summary>The function.</summary>
    public FunctionDescriptor Function { get; } = function;

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => Function.Definition.Id;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override CancellationToken CancellationToken { get; } = cancellationToken;

    public override IInvocationFeatures Features => _features;

    public override TraceContext TraceContext => _trace ??= new InvocationTrace(Activity.Current);

    public override BindingContext BindingContext => new TriggerBindingContext(Trigger.Data);

    public override RetryContext RetryContext { get; } = new FirstAttempt();

    public override IServiceProvider InstanceServices
    {
        get
        {
            if (_services is not null) return _services;
            var scope = scopes.CreateAsyncScope();
            _scope = scope;
            return _services = scope.ServiceProvider;
        }
        set => _services = value;
    }

    public override IDictionary<object, object> Items
    {
        get => _items ??= new Dictionary<object, object>();
        set => _items = value;
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class TriggerBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }

    private sealed class InvocationTrace(Activity? activity) : TraceContext
    {
        public override string TraceParent => activity?.Id ?? "";

        public override string TraceState => activity?.TraceStateString ?? "";
    }

    // Retries of activities are the orchestrator's, of messages the queue's: an invocation itself is never repeated here.
    private sealed class FirstAttempt : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
