using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Activities;

namespace AgentSquad.Functions.Run;

/// <summary>Lets signals change the run's state.</summary>
internal sealed class SignalDesk(TicketRunState state)
{
    /// <summary>Acts on a signal.</summary>
    /// <returns>What to answer on the ticket; null when nothing has to be said.</returns>
    /// <exception cref="RunEndedException">The signal ends the run.</exception>
    public ReplyInput? Act(Signal signal)
    {
        switch (signal.Kind)
        {
            case SignalKind.TicketDeleted: throw RunEndedException.TicketGone("The ticket was deleted.");
            case SignalKind.StopWithdrawn: throw RunEndedException.Stopped($"The run ended because {signal.Text}.");
            case SignalKind.PauseWithdrawn:
                (state.Paused, state.HeldFor) = (state.Paused ?? signal.Text, signal.Text);
                return null;
            case SignalKind.Note:
                state.HasNotes = true;
                return null;
            case SignalKind.Edited:
                state.WasEdited = true;
                return null;
            case SignalKind.Unread: return Unread(signal);
            case SignalKind.InvalidCommand: return Reply(signal, ReplyComment.Invalid(signal.Text ?? ""));
            case SignalKind.Command: return Command(signal);
            default: return null;
        }
    }

    // Whoever answers where the squad does not read waits for a squad that waits for them: they are told, once, where they wrote.
    private ReplyInput? Unread(Signal signal)
    {
        if (state.Wait is not { Needs: false, HasUnread: false } wait) return null;
        state.Wait = wait with { HasUnread = true };
        return Reply(signal, ReplyComment.Unread());
    }

    private ReplyInput? Command(Signal signal)
    {
        if (signal.Refusal is { } refusal) return Reply(signal, ReplyComment.Forbidden(signal.Command, refusal));
        var stage = state.Wait is { Needs: true } ? RunStage.Approve : state.Stage;
        if (!CommandPolicy.Fits(signal.Command, stage, state.Paused is not null, hasEnded: false))
        {
            return Reply(signal, ReplyComment.NotNow(signal.Command, Where()));
        }

        switch (signal.Command)
        {
            case CommandKind.Stop: throw RunEndedException.Stopped($"Stopped by {signal.By}.");
            case CommandKind.Help: return Reply(signal, ReplyComment.Help());
            case CommandKind.Status:
                return signal.CommentId is { } comment ? new ReplyInput(null, comment, null, state.ToStatus(), state.Wait?.ToWaiting()) : null;
            case CommandKind.Pause:
                state.Paused = $"by {signal.By}";
                return null;
            case CommandKind.Resume:
                state.Paused = null;
                state.WaitsForBudget = false;
                return null;
            case CommandKind.Extend:
                // The desk has raised the budget before; what is held for another reason stays held.
                if (state.WaitsForBudget) state.Paused = null;
                state.WaitsForBudget = false;
                return null;
            case CommandKind.Approve or CommandKind.Revise:
                // The first decision counts; a later one finds the run at work.
                state.Decision ??= new Decision(signal.Command, signal.By, signal.Text);
                return null;
            default: return Reply(signal, ReplyComment.NotNow(signal.Command, Where()));
        }
    }

    private string Where() => StageNames.Of(state.Stage) + (state.Paused is null ? "" : ", paused");

    // An operator has no comment to answer.
    private static ReplyInput? Reply(Signal signal, string text) =>
        signal.CommentId is { } comment ? new ReplyInput(null, comment, text, Status: null, Waiting: null) : null;
}
