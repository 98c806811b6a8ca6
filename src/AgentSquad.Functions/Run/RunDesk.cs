using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Intake;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>
/// A run's dealings with the world outside its orchestration: activities with patience, the status that people see, the inbox. Everything
/// goes through the context, so it is as deterministic as the orchestrator itself.
/// </summary>
internal sealed class RunDesk(TaskOrchestrationContext context, TicketRunState state)
{
    // People who answer each other within seconds are heard at once; what a bot writes by the thousand is read in larger portions.
    private const int PromptReadings = 30;
    private const int LongestRest = 60;

    private readonly SignalDesk _signals = new(state);
    private Task<object>? _wake;
    private string? _written;
    private DateTime _lastReading;
    private int _readings;

    /// <summary>The run, for activities.</summary>
    public RunRef Run => new(context.InstanceId, state.RunId, state.IssueId, state.Attempt);

    /// <summary>How many durable steps were taken since the history began.</summary>
    public int Steps { get; private set; }

    /// <summary>Told about pauses and the end of pauses, for whoever has tasks at work.</summary>
    public Func<Task>? OnPause { get; set; }

    /// <summary>Calls an activity and sits out outages.</summary>
    public Task<T> CallAsync<T>(string activity, object input)
    {
        Steps++;
        return context.CallActivityAsync<T>(activity, input, Patience.Of(state.Policy));
    }

    /// <summary>
    /// Calls an agent, which may take long: the run listens meanwhile, and a run that is to end does not wait for the answer. While the budget
    /// does not allow the call, the run is held.
    /// </summary>
    public async Task<T> AskAsync<T>(string activity, object input)
    {
        while (true)
        {
            try
            {
                return await AskOnceAsync<T>(activity, input);
            }
            catch (TaskFailedException e) when (StepFailures.KindOf(e.FailureDetails) == StepFailure.Budget)
            {
                await HoldForBudgetAsync(StepFailures.MessageOf(e));
            }

            await HoldAsync();
        }
    }

    private async Task<T> AskOnceAsync<T>(string activity, object input)
    {
        Steps++;
        using var given = new CancellationTokenSource();
        var work = context.CallActivityAsync<T>(activity, input, Patience.Of(state.Policy, given.Token));
        try
        {
            await WaitAsync(work);
        }
        catch (Exception e) when (e is RunEndedException or TaskFailedException)
        {
            given.Cancel();
            await OrderAsync(RunOrder.Stop);
            throw;
        }

        return await work;
    }

    /// <summary>Stores an order for tasks and agents.</summary>
    public Task OrderAsync(RunOrder order) => CallAsync<OrderCard>(nameof(OrderActivities.GiveOrder), new OrderInput(Run, order));

    /// <summary>
    /// Crosses the border to a stage: what people said until now still belongs to the stage before, and a paused run holds there. Tools see
    /// the new stage at once, the ticket when its turn comes.
    /// </summary>
    public async Task EnterAsync(RunStage stage)
    {
        await ReadInboxAsync();
        await HoldAsync();
        state.Stage = stage;
        state.Stages.Add(StageNames.Of(stage));
        state.Detail = null;
        Show();
        await WriteStatusAsync();
    }

    /// <summary>Shows tools where the run stands, and whoever has to write its end for it which comment that is.</summary>
    public void Show() => context.SetCustomStatus(StatusJson.Of(state.ToStatus() with { RunId = state.RunId, CommentId = state.StatusCommentId }));

    /// <summary>
    /// Writes the status comment unless it was written a moment ago; what is left out then is written later, at the latest at the end.
    /// </summary>
    /// <param name="now">Whether to write however short ago that was, because someone has to act or the run ends.</param>
    public async Task WriteStatusAsync(bool now = false)
    {
        var text = Text();
        if (text == _written || (!now && context.CurrentUtcDateTime - state.StatusWritten < state.Policy.StatusInterval)) return;
        state.StatusCommentId = await CallAsync<string>(
            nameof(CommentActivities.PublishStatus), new StatusInput(Run, state.ToStatus(), state.StatusCommentId, state.Wait?.ToWaiting()));
        state.StatusWritten = context.CurrentUtcDateTime;
        _written = text;
    }

    /// <summary>Waits for work while the run listens: to its inbox, and for the moment when the status comment may be written again.</summary>
    public async Task WaitAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await WriteStatusAsync();
            using var timer = new CancellationTokenSource();
            var turn = Text() == _written ? null : context.CreateTimer(state.StatusWritten + state.Policy.StatusInterval, timer.Token);
            var first = await Task.WhenAny(turn is null ? [work, Wake()] : [work, Wake(), turn]);
            if (first == turn) await WriteStatusAsync(now: true);
            else timer.Cancel();
            if (Wake().IsCompleted) await RestAsync(work);
            if (Wake().IsCompleted && !work.IsCompleted) await ReadInboxAsync();
        }
    }

    // The history grows with each reading, and it cannot begin anew while work is outstanding.
    private async Task RestAsync(Task work)
    {
        if (_readings < PromptReadings || work.IsCompleted) return;
        var until = _lastReading.AddSeconds(Math.Min(LongestRest, _readings - PromptReadings));
        if (until <= context.CurrentUtcDateTime) return;
        using var timer = new CancellationTokenSource();
        await Task.WhenAny(work, context.CreateTimer(until, timer.Token));
        timer.Cancel();
    }

    /// <summary>Listens to the inbox until something is so, or until a point in time.</summary>
    /// <returns>Whether it is so; false when the time came first.</returns>
    /// <exception cref="ContinueAsNewException">The history has become long; nothing is outstanding.</exception>
    public async Task<bool> ListenAsync(DateTimeOffset? until, Func<bool> isSo)
    {
        while (!isSo())
        {
            if (Steps >= TicketStory.LongestHistory) throw new ContinueAsNewException();
            using var timer = new CancellationTokenSource();
            var due = until is { } time ? context.CreateTimer(time.UtcDateTime, timer.Token) : null;
            var first = await Task.WhenAny(due is null ? [Wake()] : [Wake(), due]);
            if (first == due) return false;
            timer.Cancel();
            await ReadInboxAsync();
        }

        return true;
    }

    /// <summary>Pauses the run because its budget does not allow the next step.</summary>
    public async Task HoldForBudgetAsync(string problem)
    {
        if (state.Paused is not null && !state.WaitsForBudget) return;
        if (!state.WaitsForBudget) state.OutOfBudget = problem;
        (state.WaitsForBudget, state.Paused) = (true, problem.TrimEnd('.'));
        if (OnPause is { } tell) await tell();
    }

    /// <summary>Asks for more budget on the ticket when that is why the run is held and nobody was asked yet.</summary>
    public async Task AskForBudgetAsync()
    {
        if (state.OutOfBudget is not { } problem) return;
        state.OutOfBudget = null;
        await CallAsync<string>(
            nameof(CommentActivities.PublishBudgetRequest), new BudgetRequestInput(Run, state.TicketStep, ++state.BudgetRequests, problem));
        await WriteStatusAsync(now: true);
    }

    /// <summary>Waits while the run is paused.</summary>
    public async Task HoldAsync()
    {
        if (state.Paused is null) return;
        await AskForBudgetAsync();
        Show();
        await WriteStatusAsync(now: true);
        await ListenAsync(until: null, () => state.Paused is null);
        Show();
        await WriteStatusAsync(now: true);
    }

    /// <summary>Reads the inbox and acts on what it holds.</summary>
    /// <param name="looksAtSite">Whether to look at the ticket itself as well: what people did there may be on its way still.</param>
    /// <exception cref="RunEndedException">Something in it ends the run.</exception>
    public async Task ReadInboxAsync(bool looksAtSite = false)
    {
        InboxCard card;
        (_readings, _lastReading) = (_readings + 1, context.CurrentUtcDateTime);
        do
        {
            if (_wake is { IsCompleted: true }) _wake = null;
            card = await CallAsync<InboxCard>(
                nameof(RunActivities.ReadInbox),
                new InboxInput(Run, [.. state.Acknowledge], state.TicketStep, [.. state.MovedTo]) { LooksAtSite = looksAtSite });
            looksAtSite = false;
            state.Acknowledge = [.. card.Read];
            foreach (var signal in card.Signals) await ActAsync(signal);
        }
        while (card.HasMore);
    }

    /// <summary>Acts on a signal.</summary>
    /// <exception cref="RunEndedException">It ends the run.</exception>
    public async Task ActAsync(Signal signal)
    {
        var wasPaused = state.Paused is not null;
        if (signal is { Kind: SignalKind.Command, Command: CommandKind.Extend, Refusal: null, Amount: { } amount })
        {
            var answer = await CallAsync<string>(nameof(BudgetActivities.ExtendBudget), new ExtendInput(Run, signal.DeliveryId, amount)
            {
                // What others share is not for one ticket's people to raise. An operator has no comment.
                Project = signal.CommentId is null ? TicketCosts.ProjectOf(state.Site, state.Key) : null,
            });
            if (signal.CommentId is { } asked)
            {
                await CallAsync<string>(nameof(CommentActivities.PublishReply), new ReplyInput(Run, asked, answer, Status: null, Waiting: null));
            }
        }

        if (_signals.Act(signal) is { } reply)
        {
            await CallAsync<string>(nameof(CommentActivities.PublishReply), reply with { Run = Run });
        }

        if (wasPaused == state.Paused is not null) return;
        Show();
        if (OnPause is { } tell) await tell();
    }

    // The payload means nothing and may be anything: whoever raises the event makes the run read its inbox, no more.
    private Task<object> Wake() => _wake ??= context.WaitForExternalEvent<object>(RunStarter.WakeEvent);

    private string Text() => $"{StatusJson.Of(state.ToStatus()).GetRawText()}{state.Wait?.ToWaiting()}";
}
