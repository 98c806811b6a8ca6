using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>The orchestrator's view of its execution. Calls become actions; history events complete them.</summary>
internal sealed partial class EngineOrchestrationContext : TaskOrchestrationContext
{
    private readonly SessionInfo _info;
    private readonly SessionServices _services;
    private readonly TurnSynchronizationContext _turn;
    private readonly ExternalEvents _events;
    private string? _input;
    private DateTime _now;
    private bool _isReplaying;
    private int _guidCounter;
    private object? _customStatus;
    private ContinueAsNewOptions? _continueAsNew;

    public EngineOrchestrationContext(SessionInfo info, SessionServices services, TurnSynchronizationContext turn)
    {
        _info = info;
        _services = services;
        _turn = turn;
        _events = new ExternalEvents(services.Converter, services.Resolve);
    }

    public override TaskName Name => new(_info.Name);

    public override string InstanceId => _info.InstanceId;

    public override ParentOrchestrationInstance? Parent => _info.Parent;

    public override string Version => _info.Version ?? string.Empty;

    public override IReadOnlyDictionary<string, object?> Properties => _services.Properties;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _isReplaying;

    protected override ILoggerFactory LoggerFactory => _services.LoggerFactory;

    public override T? GetInput<T>()
        where T : default
        => _services.Converter.Deserialize<T>(_input);

    public override Guid NewGuid()
    {
        VerifyTurn();
        return DeterministicGuid.Create(InstanceId, _now, _guidCounter++);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        VerifyTurn();
        _customStatus = customStatus;
        CustomStatusSet = true;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        VerifyTurn();
        _continueAsNew = options;
    }

    private void VerifyTurn()
    {
        if (_turn.IsCurrent) return;
        throw new InvalidOperationException(
            $"Orchestrator '{_info.Name}' called its context from a thread that is not its own. This happens after an await that is not durable: " +
            "await only tasks of TaskOrchestrationContext, without ConfigureAwait(false), and move other I/O and threads into activities.");
    }
}
