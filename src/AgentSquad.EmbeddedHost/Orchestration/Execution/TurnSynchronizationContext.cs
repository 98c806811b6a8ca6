namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>
/// Keeps everything that an orchestrator does on the one thread of its current turn. Work that comes from anywhere else means that the
/// orchestrator awaited something that is not durable; it is dropped and reported.
/// </summary>
internal sealed class TurnSynchronizationContext(Action foreignWork) : SynchronizationContext
{
    private const int Outside = 0;

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly TurnTaskScheduler _scheduler = new();
    private int _thread = Outside;
    private volatile bool _foreign;

    /// <summary>Whether work came from outside a turn.</summary>
    public bool SawForeignWork => _foreign;

    /// <summary>Whether the caller is the turn's thread.</summary>
    public bool IsCurrent => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs one turn on the calling thread.</summary>
    public void Run(Action turn)
    {
        var previous = Current;
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        SetSynchronizationContext(this);
        _scheduler.Owner = this;
        try
        {
            // As a task of the scheduler, so that continuations which name no scheduler come here too.
            var task = new Task(turn, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
            task.RunSynchronously(_scheduler);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            Volatile.Write(ref _thread, Outside);
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Runs what is queued until nothing is.</summary>
    public void Drain()
    {
        while (_queue.TryDequeue(out var work)) work.Callback(work.State);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _queue.Enqueue((d, state));
            return;
        }

        _foreign = true;
        foreignWork();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent) throw new InvalidOperationException("An orchestrator's thread cannot be entered from outside.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed class TurnTaskScheduler : TaskScheduler
    {
        public TurnSynchronizationContext? Owner { get; set; }

        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => Owner!.Post(_ => TryExecuteTask(task), null);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            !taskWasPreviouslyQueued && Owner!.IsCurrent && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
