using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>The story of a ticket's run: one method per stage, each of which says what comes next.</summary>
internal sealed partial class TicketStory(TaskOrchestrationContext context, TicketRunState state)
{
    /// <summary>
    /// A history of this many steps is replayed in moments; a long story starts a fresh one at the next border between two stages, or while
    /// it waits for people.
    /// </summary>
    internal const int LongestHistory = 200;

    private RunDesk _desk = new(context, state);

    /// <summary>Tells the story from where the state is, to its end or to where it continues as new.</summary>
    /// <returns>Name of the stage in which the run ended.</returns>
    public async Task<string> TellAsync()
    {
        _desk.Show();
        RunEndedException? failure = null;
        // Not always the state's stage: a run that is held at the border to a stage shows the one before, whose work is done.
        var current = state.Stage;
        try
        {
            if (!state.IsOpen && !await OpenAsync()) return await CloseAsync(failure, ended: null);
            if (state.HasContinued) await ReadOnAsync();
            for (RunStage? next = state.Stage; next is { } stage; next = await StepAsync(stage))
            {
                current = stage;
                if (_desk.Steps >= LongestHistory) return ContinueAsNew(current);
            }
        }
        catch (ContinueAsNewException)
        {
            return ContinueAsNew(current);
        }
        catch (RunEndedException end)
        {
            failure = await EndAsync(end);
        }
        catch (TaskFailedException e)
        {
            failure = await EndAsync(StepFailures.KindOf(e.FailureDetails) == StepFailure.TicketGone
                ? RunEndedException.TicketGone("The ticket does not exist any more, or the squad's account cannot see it.")
                : RunEndedException.Failed(StepFailures.MessageOf(e)));
        }

        return await CloseAsync(failure, state);
    }

    private async Task<RunStage?> StepAsync(RunStage stage)
    {
        var next = await (stage switch
        {
            RunStage.Triage => Triage(),
            RunStage.Clarify => Clarify(),
            RunStage.Plan => Plan(),
            RunStage.Approve => Approve(),
            RunStage.Work => Work(),
            RunStage.Verify => Verify(),
            RunStage.Deliver => Deliver(),
            _ => throw new InvalidOperationException($"No run goes on in the stage {stage}."),
        });
        return next is null || StageFlow.MayFollow(stage, next.Value)
            ? next
            : throw new InvalidOperationException($"The stage {next} does not follow {stage}.");
    }

    private string ContinueAsNew(RunStage stage)
    {
        (state.Stage, state.HasContinued) = (stage, true);
        context.ContinueAsNew(state);
        return StageNames.Of(stage);
    }

    // The old history may have taken the event that said so, and have ended before it looked.
    private Task ReadOnAsync()
    {
        state.HasContinued = false;
        return _desk.ReadInboxAsync();
    }

    private async Task<bool> OpenAsync()
    {
        var card = await _desk.CallAsync<OpenCard>(
            nameof(RunActivities.OpenRun), new OpenInput(_desk.Run, state.StartedBy, state.Key, state.StartComment, state.IsRetry));
        if (card.Ended is { } ended)
        {
            // Nothing is to be done: the run has been told already, or whoever asked for it may not. What was true stays on show.
            context.SetCustomStatus(StatusJson.Of(ended));
            state.Stage = StageNames.Parse(ended.Stage) ?? state.Stage;
            return false;
        }

        if (card.Resumed is { } resumed)
        {
            state = state.Resume(resumed);
            _desk = new RunDesk(context, state);
            _desk.Show();
        }

        state.Policy = card.Policy;
        state.TakesAsRead = card.Resumed is not null && card.Policy.ComparesReadings;
        state.IsOpen = true;
        return true;
    }

    private async Task ReadTicketAsync()
    {
        state.Readings++;
        (state.HasNotes, state.WasEdited) = (false, false);
        var input = new ReadInput(_desk.Run, state.Readings, state.Since) { IsByLabel = state.IsByLabel };
        if (state is { Policy.ComparesReadings: true, TakesAsRead: false, TicketStep.Length: > 0 })
        {
            input = input with { Before = state.TicketStep, MovedTo = [.. state.MovedTo] };
        }

        var ticket = await _desk.CallAsync<TicketCard>(nameof(TicketActivities.ReadTicket), input);
        (state.TicketStep, state.Key, state.Summary) = (ticket.Step, ticket.Key, ticket.Summary);
        if (ticket.Refusal is { } refusal)
        {
            var why = $"The squad does not work on this ticket: {refusal}.";
            throw state.StatusCommentId is null ? RunEndedException.NotAdmitted(why) : RunEndedException.Stopped(why);
        }

        var isKnown = ticket.Signal is { Kind: SignalKind.PauseWithdrawn } pause && pause.Text == state.HeldFor;
        if (ticket.Signal is { } signal && !isKnown) await _desk.ActAsync(signal);
        (state.TakesAsRead, state.HeldFor) = (false, null);
    }

    private Task CatchUpAsync() => state.HasNotes || state.WasEdited ? ReadTicketAsync() : Task.CompletedTask;

    // Closing comments are the last thing that can still fail; a run whose end cannot be written ends all the same.
    private async Task<RunEndedException?> EndAsync(RunEndedException end)
    {
        state.EndedIn = state.Stage;
        (state.Wait, state.Paused) = (null, null);
        try
        {
            await (end.Stage == RunStage.Stopped ? Stopped(end) : Failed(end));
        }
        catch (TaskFailedException)
        {
            // The timer function that corrects status comments takes it from here; it looks among the runs that the host notes as failed.
            state.IsUnwritten = !end.IsSilent;
            _desk.Show();
        }

        return end.Stage == RunStage.Failed || state.IsUnwritten ? end : null;
    }

    private async Task<string> CloseAsync(RunEndedException? failure, TicketRunState? ended)
    {
        var next = await _desk.CallAsync<TicketRunState?>(
            nameof(RunActivities.CloseRun), new CloseInput(_desk.Run, state.StartedBy, state.Site, ended));
        if (next is not null)
        {
            context.ContinueAsNew(next);
            return StageNames.Of(state.Stage);
        }

        // The host notes the run as failed, so that operators see it without reading tickets.
        if (failure is not null) throw failure;
        return StageNames.Of(state.Stage);
    }
}
