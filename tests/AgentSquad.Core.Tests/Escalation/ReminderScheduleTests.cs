using AgentSquad.Core.Escalation;
using CsCheck;

namespace AgentSquad.Core.Tests.Escalation;

public sealed class ReminderScheduleTests
{
    private static readonly DateTimeOffset Asked = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_DefaultsWithAPerson_RemindsEscalatesAndGivesUp()
    {
        var steps = ReminderSchedule.Of(Asked, ReminderOptions.Default with { EscalateTo = "ann" });
        Assert.Equal(
        [
            new(Asked.AddDays(1), WaitingStepKind.Remind, 1),
            new(Asked.AddDays(3), WaitingStepKind.Remind, 2),
            new(Asked.AddDays(5), WaitingStepKind.Escalate, 1),
            new(Asked.AddDays(10), WaitingStepKind.GiveUp, 1),
        ], steps);
    }

    [Fact]
    public void Of_NobodyToEscalateTo_LeavesItOut() =>
        Assert.DoesNotContain(ReminderSchedule.Of(Asked, ReminderOptions.Default), step => step.Kind == WaitingStepKind.Escalate);

    [Fact]
    public void Of_AnyTimes_AreInOrderAndEndWithGivingUp() =>
        Gen.Select(Gen.Int[-10, 100].Array[0, 30], Gen.Int[-10, 100], Gen.Int[-10, 100]).Sample((reminders, escalate, giveUp) =>
        {
            var options = new ReminderOptions
            {
                RemindAfter = reminders.Select(hours => TimeSpan.FromHours(hours)).ToList(),
                EscalateAfter = TimeSpan.FromHours(escalate),
                EscalateTo = "ann",
                GiveUpAfter = TimeSpan.FromHours(giveUp),
            };
            var steps = ReminderSchedule.Of(Asked, options);
            Assert.Equal(steps.OrderBy(step => step.At), steps);
            Assert.Equal(WaitingStepKind.GiveUp, steps[^1].Kind);
            Assert.Single(steps, step => step.Kind == WaitingStepKind.GiveUp);
            Assert.All(steps, step => Assert.True(step.At >= Asked));
            Assert.Equal(steps.Count, steps.DistinctBy(step => (step.Kind, step.Number)).Count());
        });

    [Fact]
    public void Next_AfterTheLastStep_IsNull()
    {
        Assert.Equal(WaitingStepKind.GiveUp, ReminderSchedule.Next(Asked, ReminderOptions.Default, 2)?.Kind);
        Assert.Null(ReminderSchedule.Next(Asked, ReminderOptions.Default, 3));
    }

    [Theory]
    [InlineData(0, 2, WaitingStepKind.Remind, 1, 1)]
    [InlineData(0, 4, WaitingStepKind.Remind, 2, 2)]
    [InlineData(0, 11, WaitingStepKind.Escalate, 1, 4)]
    [InlineData(3, 11, WaitingStepKind.Remind, 3, 4)]
    [InlineData(4, 11, WaitingStepKind.Remind, 6, 4)]
    public void CatchUp_StepsMissed_IsTheOneThatReachesFurthest(int done, int day, WaitingStepKind kind, int number, int doneThen)
    {
        var options = ReminderOptions.Default with
        {
            RemindAfter = [TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(7)], EscalateTo = "ann",
        };

        var (step, then) = ReminderSchedule.CatchUp(Asked, options, done, further: 2, Asked.AddDays(day));

        Assert.Equal((kind, number, doneThen), (step.Kind, step.Number, then));
    }

    [Fact]
    public void Period_IsTheFirstRemindersTime()
    {
        Assert.Equal(TimeSpan.FromDays(1), ReminderSchedule.Period(ReminderOptions.Default));
        Assert.Equal(TimeSpan.FromDays(10), ReminderSchedule.Period(ReminderOptions.Default with { RemindAfter = [TimeSpan.Zero] }));
    }
}
