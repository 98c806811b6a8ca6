using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Intake;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>
/// A run's dealings with the world outside its orchestration: activities with patience, the status that people see, the inbox. Everything
/// goes through the context, so it is as deterministic as the orchestrator itself.
/// </summary>
internal sealed class RunDesk(TaskOrchestrationContext context, TicketRunState state)
{
    private Task<object>? _wake;
    private SquadRunStatus? _written;

    /// <summary>The run, for activities.</summary>
    public RunRef Run { get; } = new(context.InstanceId, state.RunId, state.IssueId);

    /// <summary>How many durable steps were taken since the history began.</summary>
    public int Steps { get; private set; }

    /// <summary>Calls an activity and sits out outages.</summary>
    public Task<T> CallAsync<T>(string activity, object input)
    {
        Steps++;
        return context.CallActivityAsync<T>(activity, input, Patience.Of(state.Policy));
    }

    /// <summary>Enters a stage: tools see it at once, the ticket when its turn comes.</summary>
    public async Task EnterAsync(RunStage stage, string? detail = null)
    {
        state.Stage = stage;
        state.Stages.Add(StageNames.Of(stage));
        state.Detail = detail;
        Show();
        await ReadInboxAsync();
        await WriteStatusAsync();
    }

    /// <summary>Shows tools where the run stands.</summary>
    public void Show() => context.SetCustomStatus(StatusJson.Of(state.ToStatus()));

    /// <summary>
    /// Writes the status comment unless it was written a moment ago; what is left out then is written later, at the latest at the end.
    /// </summary>
    /// <param name="now">Whether to write however short ago that was, because someone has to act or the run ends.</param>
    /// <param name="waiting">Whom the run waits for.</param>
    public async Task WriteStatusAsync(bool now = false, Waiting? waiting = null)
    {
        var status = state.ToStatus();
        if (!now && (IsWritten(status) || context.CurrentUtcDateTime - state.StatusWritten < state.Policy.StatusInterval)) return;
        state.StatusCommentId = await CallAsync<string>(
            nameof(CommentActivities.PublishStatus), new StatusInput(Run, status, state.StatusCommentId, waiting));
        state.StatusWritten = context.CurrentUtcDateTime;
        _written = status;
    }

    /// <summary>
    /// Waits for work while the run listens: to its inbox, and for the moment when the status comment may be written again.
    /// </summary>
    /// <param name="work">What is waited for.</param>
    public async Task WaitAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            using var timer = new CancellationTokenSource();
            var turn = IsWritten(state.ToStatus()) ? null : context.CreateTimer(StatusTurn(), timer.Token);
            var first = await Task.WhenAny(turn is null ? [work, Wake()] : [work, Wake(), turn]);
            if (first == turn) await WriteStatusAsync(now: true);
            else timer.Cancel();
            if (Wake().IsCompleted && !work.IsCompleted) await ReadInboxAsync();
        }
    }

    /// <summary>Reads the inbox and acts on what it holds.</summary>
    /// <exception cref="RunEndedException">Something in it ends the run.</exception>
    public async Task ReadInboxAsync()
    {
        InboxCard card;
        do
        {
            if (_wake is { IsCompleted: true }) _wake = null;
            card = await CallAsync<InboxCard>(nameof(RunActivities.ReadInbox), new InboxInput(Run, [.. state.Acknowledge]));
            state.Acknowledge = [.. card.Signals.Select(signal => signal.DeliveryId)];
            foreach (var signal in card.Signals) Act(signal);
        }
        while (card.HasMore);
    }

    private static void Act(Signal signal)
    {
        if (signal.Kind == SignalKind.TicketDeleted) throw RunEndedException.TicketGone("The ticket was deleted.");
    }

    // The payload means nothing and may be anything: whoever raises the event makes the run read its inbox, no more.
    private Task<object> Wake() => _wake ??= context.WaitForExternalEvent<object>(RunStarter.WakeEvent);

    private DateTime StatusTurn()
    {
        var turn = state.StatusWritten + state.Policy.StatusInterval;
        return turn > context.CurrentUtcDateTime ? turn : context.CurrentUtcDateTime;
    }

    private bool IsWritten(SquadRunStatus status) => _written is not null && StatusJson.Of(_written).GetRawText() == StatusJson.Of(status).GetRawText();
}
