using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Approval;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Policies;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>
/// Says what events mean to a run. An event is only a hint: what counts is what the site says now, so raising or forging an event gives
/// nobody a right.
/// </summary>
internal sealed partial class SignalReader(IJiraClient jira, RightsJudge rights, ArtifactStore artifacts, IOptions<SquadOptions> options)
{
    /// <summary>Judges a batch of events, oldest first.</summary>
    public async Task<IReadOnlyList<Signal>> ReadAsync(InboxInput input, IReadOnlyList<InboxEvent> entries, CancellationToken cancellationToken)
    {
        var signals = new List<Signal>();
        var ticket = new Lazy<Task<Ticket>>(() => jira.GetTicketAsync(input.Run.IssueId, cancellationToken));
        foreach (var entry in entries)
        {
            signals.Add(entry.Operator is { } asked ? OfOperator(entry, asked) : entry.Event.Kind switch
            {
                TicketEventKind.Deleted => await OfDeletionAsync(entry, ticket),
                TicketEventKind.CommentCreated or TicketEventKind.CommentUpdated =>
                    await OfCommentAsync(input.Run, entry, ticket, cancellationToken),
                TicketEventKind.Updated => await OfChangeAsync(input, entry, ticket, cancellationToken),
                _ => new Signal(entry.DeliveryId, SignalKind.Nothing),
            });
        }

        return signals;
    }

    /// <summary>Judges whether the author of a comment may start or continue a run with it: by a command, or by a mention where that starts one.</summary>
    /// <returns>Null when the comment does neither any more, or is the squad's own.</returns>
    public async Task<Signal?> JudgeStartAsync(RunRef run, string deliveryId, string commentId, CancellationToken cancellationToken)
    {
        if (await jira.GetCommentAsync(run.IssueId, commentId, cancellationToken) is not { Effect: null } comment) return null;
        var parse = SquadCommandParser.Parse(comment.Text);
        // Other commands start nothing: some of them everyone may give.
        if (parse.Command is { Kind: not (CommandKind.Start or CommandKind.Retry) }) return null;
        var ticket = await jira.GetTicketAsync(run.IssueId, cancellationToken);
        var command = parse.Command ?? (options.Value.ToPolicy(ticket.ProjectKey).StartsOnMentionIn(comment.Text) ? new SquadCommand(CommandKind.Start) : null);
        return command is null ? null : await JudgeAsync(deliveryId, comment, command, ticket, cancellationToken);
    }

    /// <summary>Judges what the first reading of a ticket says that no event may say any more: that the run was called off since it was started.</summary>
    public async Task<Signal?> OfStartAsync(ReadInput input, TicketSnapshot snapshot, CancellationToken cancellationToken)
    {
        var ticket = snapshot.Ticket;
        var policy = options.Value.ToPolicy(ticket.ProjectKey);
        if (input.IsByLabel && OfWithdrawal("start", new TicketChanges(ticket with { Labels = [.. ticket.Labels, policy.TriggerLabel] }, ticket)) is { } withdrawal)
        {
            return withdrawal;
        }

        foreach (var id in snapshot.Stops)
        {
            if (await jira.GetCommentAsync(input.Run.IssueId, id, cancellationToken) is { Effect: null } comment
                && SquadCommandParser.Parse(comment.Text).Command is { Kind: CommandKind.Stop } command
                && await JudgeAsync($"stop {id}", comment, command, ticket, cancellationToken) is { Refusal: null } stop)
            {
                return stop;
            }
        }

        return null;
    }

    /// <summary>Judges whether a ticket was taken away between two readings.</summary>
    public Signal? OfReading(Ticket before, Ticket now, IReadOnlyList<string> movedTo) => OfWithdrawal("reading", Between(before, now, movedTo));

    // The site has the last word here, too: a deletion that it knows nothing of ends no run.
    private static async Task<Signal> OfDeletionAsync(InboxEvent entry, Lazy<Task<Ticket>> ticket)
    {
        try
        {
            await ticket.Value;
            return new Signal(entry.DeliveryId, SignalKind.Nothing);
        }
        catch (JiraException e) when (e.IsMissing)
        {
            return new Signal(entry.DeliveryId, SignalKind.TicketDeleted);
        }
    }

    private async Task<Signal> OfCommentAsync(RunRef run, InboxEvent entry, Lazy<Task<Ticket>> ticket, CancellationToken cancellationToken)
    {
        var nothing = new Signal(entry.DeliveryId, SignalKind.Nothing);
        if (entry.Event.Comment?.Id is not { } id || await jira.GetCommentAsync(run.IssueId, id, cancellationToken) is not { Effect: null } comment)
        {
            return nothing;
        }

        var parse = SquadCommandParser.Parse(comment.Text);
        if (parse != CommandParse.None)
        {
            // An edit never commands: people would be held to words that they had not written when others read them.
            if (entry.Event.Kind != TicketEventKind.CommentCreated) return nothing;
            return parse.Command is { } command
                ? await JudgeAsync(entry.DeliveryId, comment, command, await ticket.Value, cancellationToken)
                : nothing with { Kind = SignalKind.InvalidCommand, CommentId = comment.Id, Text = parse.Error };
        }

        // What was written for a few is not read by agents: what they make of it is for everyone.
        var isRead = comment.Visibility is null && !(comment.IsInternal && options.Value.CustomersSee != CustomerView.Nothing);
        return nothing with { Kind = isRead ? SignalKind.Note : SignalKind.Unread, CommentId = comment.Id };
    }

    private async Task<Signal> JudgeAsync(
        string deliveryId, TicketComment comment, SquadCommand command, Ticket ticket, CancellationToken cancellationToken)
    {
        var verdict = await rights.JudgeAsync(command.Kind, comment.Author, ticket, cancellationToken);
        if (verdict.IsGranted && command.Reason is not null && comment.Visibility is not null)
        {
            // What agents make of the reason is for everyone to read.
            verdict = DecisionVerdict.Refused("its reason was written for a few, and the work that follows from it is for everyone to read");
        }

        return new Signal(deliveryId, SignalKind.Command)
        {
            CommentId = comment.Id,
            Command = command.Kind,
            Text = command.Reason,
            Amount = command.Amount,
            By = $"{comment.Author?.DisplayName} ({verdict.Reason})",
            Refusal = verdict.IsGranted ? null : verdict.Reason,
        };
    }

    private Signal OfOperator(InboxEvent entry, OperatorCommand asked)
    {
        var verdict = options.Value.ToCommandPolicy().JudgeOperator(asked.Command);
        return new Signal(entry.DeliveryId, SignalKind.Command)
        {
            Command = asked.Command, Text = asked.Reason, Amount = asked.Amount, By = asked.By, Refusal = verdict.IsGranted ? null : verdict.Reason,
        };
    }

    private async Task<Signal> OfChangeAsync(InboxInput input, InboxEvent entry, Lazy<Task<Ticket>> ticket, CancellationToken cancellationToken)
    {
        var nothing = new Signal(entry.DeliveryId, SignalKind.Nothing);
        if (input.TicketStep.Length == 0) return nothing;
        var now = await ticket.Value;
        now = now with { Description = Specification.Strip(now.Description) };
        var before = (await artifacts.GetAsync<TicketSnapshot>(input.Run.InstanceId, input.TicketStep, cancellationToken)).Ticket;
        var changes = Between(before, now, input.MovedTo);
        return OfWithdrawal(entry.DeliveryId, changes)
            ?? (changes.Asked.Count > 0 || changes.WasMoved ? nothing with { Kind = SignalKind.Edited } : nothing);
    }

    // A status that the run itself has moved the ticket to is nobody's withdrawal.
    private static TicketChanges Between(Ticket before, Ticket now, IReadOnlyList<string> movedTo) =>
        new(movedTo.Contains(now.Status.Name, StringComparer.OrdinalIgnoreCase) ? before with { Status = now.Status } : before, now);

    private Signal? OfWithdrawal(string id, TicketChanges changes)
    {
        var decision = options.Value.ToWithdrawalPolicy().Judge(changes, options.Value.ToPolicy(changes.Now.ProjectKey));
        return decision.Action switch
        {
            Withdrawal.Stop => new Signal(id, SignalKind.StopWithdrawn) { Text = decision.Reason },
            Withdrawal.Pause => new Signal(id, SignalKind.PauseWithdrawn) { Text = decision.Reason },
            _ => null,
        };
    }
}
