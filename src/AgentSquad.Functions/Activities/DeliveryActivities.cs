using System.Text;
using AgentSquad.Agents.Safety;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>
/// What the squad leaves beside its comments: files, a page, the specification. Where the site does not let it, the comment has to do; an outage is
/// sat out like any other.
/// </summary>
internal sealed class DeliveryActivities(
    IJiraSite jira,
    ISiteEffects effects,
    IConfluenceClient confluence,
    ISquadAgents agents,
    ArtifactStore artifacts,
    SecretGuard guard,
    IOptions<SquadOptions> options,
    IOptions<ConfluenceOptions> space,
    ILogger<DeliveryActivities> logger)
{
    private const string SpecificationFile = "specification.md";

    /// <summary>Attaches what the tasks produced, one file each.</summary>
    [Function(nameof(AttachOutputs))]
    public Task<ArtifactsCard> AttachOutputs([ActivityTrigger] DeliveryInput input, FunctionContext context) => TryAsync(input.Run, "attached", async () =>
    {
        var (plan, outputs) = await ReadAsync(input, context.CancellationToken);
        var attached = new List<Artifact>();
        foreach (var task in plan.Tasks)
        {
            if (outputs.LastOrDefault(output => output.TaskId == task.Id) is not { } output) continue;
            var content = Encoding.UTF8.GetBytes(guard.Clean($"# {MarkdownText.Inline($"{task.Id} {task.Title}")}\n\n{output.Content}\n"));
            var file = await effects.EnsureAttachmentAsync(input.Run.IssueId, $"{task.Id}-{FileNameOf(task.Title)}.md", content, context.CancellationToken);
            attached.Add(new Artifact(file.FileName));
        }

        return attached;
    });

    /// <summary>Writes the result to a Confluence page and links it to the ticket. A ticket for a few gets none unless configured.</summary>
    [Function(nameof(PublishPage))]
    public Task<ArtifactsCard> PublishPage([ActivityTrigger] DeliveryInput input, FunctionContext context) => TryAsync(input.Run, "written to Confluence", async () =>
    {
        // As it is now: somebody may have restricted it meanwhile.
        var ticket = await jira.GetTicketAsync(input.Run.IssueId, context.CancellationToken);
        if (ticket.SecurityLevel is not null && !options.Value.Delivery.PageForRestrictedTickets) return [];
        if (await confluence.GetSpaceAsync(space.Value.SpaceKey, context.CancellationToken) is not { } home)
        {
            logger.LogWarning("No page for {TicketKey}: there is no space {Space} that the account may see. Check Confluence__SpaceKey.", ticket.Key, space.Value.SpaceKey);
            return [];
        }

        var (plan, outputs) = await ReadAsync(input, context.CancellationToken);
        var verification = await artifacts.GetAsync<VerificationResult>(input.Run.InstanceId, input.VerifyStep, context.CancellationToken);
        var text = guard.Clean(DeliveryComment.Render(new Delivery(plan, outputs, verification, [], [], agents.Source)));
        // The ticket's id keeps the title its own when tickets move and summaries are shared.
        var title = MarkdownText.OneLine(guard.Clean($"AgentSquad {ticket.Key} ({ticket.Id}): {ticket.Summary}"), 200);
        var page = await confluence.EnsurePageAsync(home, title, text, parentId: null, context.CancellationToken);
        await effects.EnsureRemoteLinkAsync(
            input.Run.IssueId, new RemoteLink($"agentsquad:{input.Run.InstanceId}:page", page.Url, page.Title, "documented by"), context.CancellationToken);
        return [new Artifact(page.Title, page.Url)];
    });

    /// <summary>Writes the specification back that came of the reporter's answers.</summary>
    [Function(nameof(WriteSpecification))]
    public Task<StatusCard> WriteSpecification([ActivityTrigger] SpecificationInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var snapshot = await artifacts.GetAsync<TicketSnapshot>(input.Run.InstanceId, input.TicketStep, context.CancellationToken);
        var triage = await artifacts.GetAsync<TriageResult>(input.Run.InstanceId, input.TriageStep, context.CancellationToken);
        var text = guard.Clean(Specification.Render(snapshot.Ticket, triage, snapshot.Conversation, agents.Source));
        await TryAsync(input.Run, "written back", async () =>
        {
            if (options.Value.Specification == SpecificationTarget.Attachment)
            {
                var content = Encoding.UTF8.GetBytes($"# {Specification.Title}\n\n{text}\n");
                return [new Artifact((await effects.EnsureAttachmentAsync(input.Run.IssueId, SpecificationFile, content, context.CancellationToken)).FileName)];
            }

            var ticket = await jira.GetTicketAsync(input.Run.IssueId, context.CancellationToken);
            await jira.UpdateTicketAsync(
                input.Run.IssueId, new TicketEdit { Description = Specification.Put(ticket.Description, text) }, context.CancellationToken);
            return [];
        });
        return new StatusCard(Problem: null);
    });

    private async Task<(SquadPlan Plan, TaskOutput[] Outputs)> ReadAsync(DeliveryInput input, CancellationToken cancellationToken)
    {
        var plan = await artifacts.GetAsync<SquadPlan>(input.Run.InstanceId, input.PlanStep, cancellationToken);
        var outputs = await Task.WhenAll(
            input.OutputSteps.Select(step => artifacts.GetAsync<TaskOutput>(input.Run.InstanceId, step, cancellationToken)));
        return (plan, outputs);
    }

    private Task<ArtifactsCard> TryAsync(RunRef run, string what, Func<Task<List<Artifact>>> write) => Steps.RunAsync(async () =>
    {
        try
        {
            return new ArtifactsCard(await write());
        }
        catch (JiraException e) when (!e.IsTransient)
        {
            logger.LogWarning(e, "The result of {InstanceId} could not be {What}.", run.InstanceId, what);
            return new ArtifactsCard([]);
        }
    });

    private static string FileNameOf(string title)
    {
        var name = new string([.. title.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);
        return string.Join('-', name.Split('-', StringSplitOptions.RemoveEmptyEntries).Take(8)) is { Length: > 0 } words ? words[..Math.Min(60, words.Length)] : "output";
    }
}
