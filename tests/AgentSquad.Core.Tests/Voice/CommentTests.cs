using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Core.Voice;
using CsCheck;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentSquad.Core.Tests.Voice;

public sealed class CommentTests
{
    private const string Rules = "offline rules";
    private static readonly DateTimeOffset Since = new(2026, 3, 1, 9, 5, 0, TimeSpan.FromHours(2));
    private static readonly Person Rita = new("712020:aa-bb", "Rita [x](http://evil) Reporter");

    [Fact]
    public void Status_Work_ShowsProgressTasksAndSource()
    {
        var status = Status(RunStage.Work, new("T1", "Break it down", nameof(SquadRole.TechLead), nameof(TaskState.Completed)),
            new("T2", "Build it", nameof(SquadRole.BackendDeveloper), nameof(TaskState.InProgress)));
        Assert.Equal(
            """
            **AgentSquad is working on this ticket**

            ▰▰▰▰▰▱▱▱▱▱ 57% · Triage › Plan › **Work**

            - ✓ **T1** Break it down · tech lead · done
            - ▸ **T2** Build it · backend developer · in progress

            *Written by AgentSquad's offline rules, no language model.* `/squad help` in a new comment lists what you can say.
            """.ReplaceLineEndings("\n"),
            StatusComment.Render(status, Rules));
    }

    [Fact]
    public void Status_Waiting_SaysForWhomAndSinceWhen()
    {
        var text = StatusComment.Render(Status(RunStage.Clarify), Rules, new("Rita", "answers to 2 questions", Since));
        Assert.Contains("Waiting for Rita since 2026-03-01 07:05 UTC: answers to 2 questions.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_Quiet_CountsTasks() => Assert.Contains(
        "1 of 1 task done.",
        StatusComment.Render(Status(RunStage.Work, new SquadTaskStatus("T1", "x", "Tester", "Completed")), Rules, verbosity: Verbosity.Quiet),
        StringComparison.Ordinal);

    [Fact]
    public void Status_Decisions_SayWhoDecidedWhat() => Assert.Contains(
        "\n\nDecided: Revise by Rita (reporter); Approve by Ben (assignee).\n",
        StatusComment.Render(Status(RunStage.Work) with { Decisions = ["Revise by Rita (reporter)", "Approve by Ben (assignee)"] }, Rules),
        StringComparison.Ordinal);

    [Fact]
    public void Status_Model_IsNamed() =>
        Assert.Contains("*Written by AgentSquad with gpt-x.*", StatusComment.Render(Status(RunStage.Plan), "gpt-x"), StringComparison.Ordinal);

    [Fact]
    public void Delivery_Gap_IsSaidAndNothingIsClaimed()
    {
        var text = DeliveryComment.Render(Delivery("It works", isMet: false));
        Assert.Contains("some acceptance criteria have gaps", text, StringComparison.Ordinal);
        Assert.Contains("- **Gap:** It works", text, StringComparison.Ordinal);
        Assert.Contains("wrote no code and opened no pull request", text, StringComparison.Ordinal);
        Assert.Contains("### T1 Task T1\n\nThe content", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Delivery_WithArtifacts_LinksInsteadOfRepeating()
    {
        var text = DeliveryComment.Render(Delivery("It works", isMet: true) with
        {
            Artifacts = [new("plan.md"), new("Page", "https://acme.example/a(b)"), new("Bad", "javascript:alert(1)")],
        });
        Assert.DoesNotContain("The content", text, StringComparison.Ordinal);
        Assert.Contains("- plan.md (attached)", text, StringComparison.Ordinal);
        Assert.Contains("- [Page](<https://acme.example/a(b)>)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Delivery_HugeOutputs_StayWithinJirasLimit()
    {
        var delivery = Delivery("It works", isMet: true);
        var output = delivery.Outputs[0] with { Content = string.Concat(Enumerable.Repeat("A line of text\n", 10_000)) };
        var text = DeliveryComment.Render(delivery with { Outputs = [output] });
        Assert.InRange(text.Length, 20_000, 32_000);
        Assert.Contains("more characters)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Question_MentionsTheReporterAndNumbersQuestions()
    {
        var text = QuestionComment.Render(Rita, "It is short.", ["What?", "Why?", "3", "4", "5", "6"], Rules);
        Assert.StartsWith("**AgentSquad asks [@Rita ", text, StringComparison.Ordinal);
        Assert.Contains("](accountid:712020%3Aaa-bb)**", text, StringComparison.Ordinal);
        Assert.Contains("1. What?\n2. Why?", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n6. ", text, StringComparison.Ordinal);
        var link = Assert.Single(Markdown.Parse(text).Descendants<LinkInline>());
        Assert.Equal("accountid:712020%3Aaa-bb", link.Url);
    }

    [Fact]
    public void Approval_Plan_ShowsSizeAndCommands()
    {
        var text = ApprovalComment.Render(Plans.Of(Plans.Task("T1"), Plans.Task("T2", dependsOn: "T1")), "the reporter", Since, Rules);
        Assert.Contains("- **T2** Task T2 (backend developer), about 2 h, after T1", text, StringComparison.Ordinal);
        Assert.Contains("Complexity 4 of 10, moderate; about 4 h of a person's work.", text, StringComparison.Ordinal);
        Assert.Contains("`/squad approve`", text, StringComparison.Ordinal);
        Assert.Contains("lapses at 2026-03-01 07:05 UTC", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_WithNothingKept_SaysWhatToDo()
    {
        var text = FailureComment.Render(RunStage.Work, "The site refused.", []);
        Assert.Contains("ended in the stage Work", text, StringComparison.Ordinal);
        Assert.Contains("Nothing had been finished yet.", text, StringComparison.Ordinal);
        Assert.Contains("`/squad retry`", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reminder_SaysHowLongAndWhatNext()
    {
        var text = ReminderComment.Render(Rita, new("Rita", "answers to 2 questions", Since), TimeSpan.FromHours(26), "In 2 days the run gives up.");
        Assert.Contains("has waited 1 day and 2 hours: answers to 2 questions.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_ListsEveryCommand() => Assert.All(Enum.GetValues<CommandKind>(), kind =>
        Assert.Contains($"`/squad {kind.ToString().ToLowerInvariant()}", ReplyComment.Help(), StringComparison.Ordinal));

    [Fact]
    public void Render_HostileTextEverywhere_AddsNoHeadingLinkListOrCode() => MarkdownTextTests.Hostile.Sample(text =>
    {
        var status = new SquadRunStatus("T-1", "1", "s", text, "Work", ["Triage", text, "Work"], [new(text, text, text, text)], text);
        Check(StatusComment.Render(status, text, new(text, text, Since)), lists: 1);
        Check(FailureComment.Render(RunStage.Plan, text, [text, "kept"], text), lists: 1);
        Check(QuestionComment.Render(null, text, ["one", text], Rules), lists: 1);
        var plan = new SquadPlan(text, [Plans.Task("T1") with { Id = text, Title = text, Description = text, DependsOn = [text] }], 3, [text, "risk"]);
        Check(ApprovalComment.Render(plan, "the reporter", null, text), lists: 2);
        var delivery = new Delivery(
            plan, [new(text, text, "plain", [])], new(VerificationVerdict.Approved, [new(text, true, text)], text), [text, "assumed"], [new(text)], text);
        Check(DeliveryComment.Render(delivery), lists: 4);
    });

    private static void Check(string comment, int lists)
    {
        var document = Markdown.Parse(comment);
        Assert.Empty(document.Descendants<HeadingBlock>());
        Assert.Empty(document.Descendants<LinkInline>());
        Assert.Empty(document.Descendants<HtmlBlock>());
        Assert.Empty(document.Descendants<HtmlInline>());
        Assert.Empty(document.Descendants<CodeBlock>());
        Assert.Empty(document.Descendants<QuoteBlock>());
        Assert.Equal(lists, document.Descendants<ListBlock>().Count());
        Assert.All(document.Descendants<CodeInline>(), code => Assert.StartsWith("/squad", code.Content, StringComparison.Ordinal));
    }

    private static SquadRunStatus Status(RunStage stage, params SquadTaskStatus[] tasks) =>
        new("TEST-1", "10001", "https://acme.example", "Summary", stage.ToString(), ["Triage", "Plan", stage.ToString()], tasks);

    private static Delivery Delivery(string criterion, bool isMet) => new(
        Plans.Of(Plans.Task("T1")),
        [new("T1", "Done", "The content", [])],
        new(isMet ? VerificationVerdict.Approved : VerificationVerdict.NeedsFixes, [new(criterion, isMet, "see T1")], "Checked."),
        [],
        [],
        Rules);
}
