using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>A run in which everything goes well; tests change what they are about.</summary>
internal static class TicketScript
{
    public static TicketRunState Input() => new()
    {
        RunId = "0123456789abcdef0123456789abcdef", StartedBy = "0123456789abcdef0123456789abcdef", Site = TestEvents.Site, IssueId = "10", Key = "TEST-10",
        Since = new DateTimeOffset(2026, 3, 1, 11, 59, 0, TimeSpan.Zero),
    };

    public static TaskCard Card(string id, params string[] dependsOn) => new()
    {
        Id = id, Title = $"Task {id}", Role = SquadRole.BackendDeveloper, DependsOn = dependsOn,
    };

    public static OrchestrationHarness Happy(TicketRunState? input = null, RunPolicy? policy = null) => new OrchestrationHarness(input ?? Input())
        .On<OpenInput>(nameof(RunActivities.OpenRun), _ => new OpenCard(policy ?? new RunPolicy(), Ended: null))
        .On<InboxInput>(nameof(RunActivities.ReadInbox), _ => new InboxCard([], HasMore: false))
        .On<CloseInput>(nameof(RunActivities.CloseRun), _ => null)
        .On<ReadInput>(nameof(TicketActivities.ReadTicket), read => new TicketCard(
            $"ticket/{read.Reading}", "TEST-10", "TEST", "A ticket", "To Do", Refusal: null))
        .On<StatusNameInput>(nameof(TicketActivities.EnsureStatus), _ => new StatusCard(Problem: null))
        .On<TriageInput>(nameof(AgentActivities.Triage), triage => new TriageCard($"triage/{triage.Round}", TriageVerdict.Ready, "Clear.", 0))
        .On<PlanInput>(nameof(AgentActivities.Plan), plan => new PlanCard($"plan/{plan.Round}", 3, [Card("T1"), Card("T2", "T1"), Card("T3", "T1")]))
        .On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => new SquadTaskResult(
            task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}/{task.Task.Pass}", 1))
        .On<OrderInput>(nameof(OrderActivities.GiveOrder), order => new OrderCard(order.Order))
        .On<VerifyInput>(nameof(AgentActivities.Verify), verify => new VerifyCard(
            $"verify/{verify.Round}", VerificationVerdict.Approved, "All met.", []))
        .On<StatusInput>(nameof(CommentActivities.PublishStatus), status => status.CommentId ?? "100")
        .On<QuestionsInput>(nameof(CommentActivities.PublishQuestions), _ => "101")
        .On<ApprovalInput>(nameof(CommentActivities.PublishApproval), _ => new AskCard("104", "Rita"))
        .On<DecisionInput>(nameof(CommentActivities.PublishDecisionRequest), _ => new AskCard("105", "Rita"))
        .On<TaskQuestionInput>(nameof(CommentActivities.PublishTaskQuestion), _ => new AskCard("108", "Rita"))
        .On<SubtasksInput>(nameof(BoardActivities.EnsureSubtasks), _ => new SubtasksCard(
            new Dictionary<string, string> { ["T1"] = "501", ["T2"] = "502", ["T3"] = "503" }, Problem: null))
        .On<MoveSubtasksInput>(nameof(BoardActivities.MoveSubtasks), _ => new StatusCard(Problem: null))
        .On<SpecificationInput>(nameof(DeliveryActivities.WriteSpecification), _ => new StatusCard(Problem: null))
        .On<DeliveryInput>(nameof(DeliveryActivities.AttachOutputs), _ => new ArtifactsCard([new Artifact("T1-output.md")]))
        .On<DeliveryInput>(nameof(DeliveryActivities.PublishPage), _ => new ArtifactsCard([new Artifact("Page", "https://acme.atlassian.net/wiki/1")]))
        .On<ReminderInput>(nameof(CommentActivities.PublishReminder), _ => "106")
        .On<ReplyInput>(nameof(CommentActivities.PublishReply), _ => "107")
        .On<DeliveryInput>(nameof(CommentActivities.PublishDelivery), _ => "102")
        .On<FailureInput>(nameof(CommentActivities.PublishFailure), _ => "103");

    public static string[] Stages(this OrchestrationHarness harness) =>
        [.. harness.CustomStatus.GetProperty("stages").EnumerateArray().Select(stage => stage.GetString()!)];

    /// <summary>Puts signals into the inbox and wakes the run.</summary>
    public static void Tell(this OrchestrationHarness harness, params Signal[] signals)
    {
        var unread = new Queue<Signal>(signals);
        harness.On<InboxInput>(nameof(RunActivities.ReadInbox), _ =>
        {
            var card = new InboxCard([.. unread], HasMore: false);
            unread.Clear();
            return card;
        });
        harness.Raise("wake");
    }

    /// <summary>Lets a run order its task something, as the run does: the order first, then the event that tells the task to look.</summary>
    public static void Order(this OrchestrationHarness harness, RunOrder order)
    {
        harness.On<RunRef>(nameof(OrderActivities.ReadOrder), _ => new OrderCard(order));
        harness.Raise(SquadTaskOrchestrator.OrderEvent);
    }

    public static Signal Command(CommandKind command, string? text = null, string? refusal = null) => new("d-" + command, SignalKind.Command)
    {
        Command = command, CommentId = "900", By = "Rita (reporter)", Text = text, Refusal = refusal,
    };

    public static Signal Note() => new("d-note", SignalKind.Note) { CommentId = "901" };
}
