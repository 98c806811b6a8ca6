using AgentSquad.EmbeddedHost.Functions.Timers;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Timers;

/// <summary>Timer triggers.</summary>
public sealed class TimerTests
{
    private readonly Signals _signals = new();
    private readonly string _hub = SharedAzurite.NewHubName();

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T10:00:00", "2026-03-01T10:05:00")]
    [InlineData("30 0 9 * * 1-5", "2026-03-06T09:00:30", "2026-03-09T09:00:30")]
    [InlineData("*/5 * * * *", "2026-03-01T10:01:00", "2026-03-01T10:05:00")]
    [InlineData("00:30:00", "2026-03-01T10:01:00", "2026-03-01T10:31:00")]
    public void Next_Schedules_AreReadLikeAzureFunctionsDoes(string schedule, string after, string expected)
        => Assert.Equal(At(expected), TimerSchedule.Parse(schedule).Next(At(after)));

    [Theory]
    [InlineData("never")]
    [InlineData("61 * * * * *")]
    [InlineData("* * * *")]
    [InlineData("-00:01:00")]
    [InlineData("")]
    public void Problem_NoSchedule_IsSaid(string schedule) => Assert.NotNull(TimerSchedule.Problem(schedule));

    [Fact]
    public async Task Timer_EverySecond_RunsAgainAndAgainAlsoAfterAFailure()
    {
        await using var app = await StartAsync(typeof(EverySecond));
        await _signals.WaitAsync("third");
        Assert.Contains(app.Log, line => line.StartsWith("Error Function.EverySecond", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timer_RunOnStartup_RunsAtOnceAndRemembers()
    {
        await using (var app = await StartAsync(typeof(Yearly)))
        {
            await _signals.WaitAsync("yearly");
            Assert.Equal("past due False, last 1", _signals.Notes.First());
        }

        var status = await (await MemoryAsync()).ReadAsync("Yearly", CancellationToken.None);
        Assert.True(status!.Last > DateTime.UtcNow.AddMinutes(-5));
        Assert.Equal(new DateTime(DateTime.UtcNow.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc), status.Next);
    }

    [Fact]
    public async Task Timer_MissedWhileTheHostWasDown_IsMadeUpFor()
    {
        var last = DateTime.UtcNow.AddYears(-1);
        await (await MemoryAsync()).WriteAsync("Patient", new ScheduleStatus { Last = last, Next = new DateTime(last.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc), LastUpdated = last }, CancellationToken.None);
        await using var app = await StartAsync(typeof(Patient));
        await _signals.WaitAsync("patient");
        Assert.Equal($"past due True, last {last.Year}", _signals.Notes.First());
    }

    [Fact]
    public async Task Timer_ScheduleChangedWhileTheHostWasDown_HasMissedNothing()
    {
        var last = DateTime.UtcNow.AddYears(-1);
        await (await MemoryAsync()).WriteAsync("Patient", new ScheduleStatus { Last = last, Next = last.AddHours(1), LastUpdated = last }, CancellationToken.None);
        await using var app = await StartAsync(typeof(Patient));

        var status = await StatusAsync("Patient", found => found.Next > DateTime.UtcNow);

        Assert.Equal(NextYear, status.Next);
        Assert.Empty(_signals.Notes);
    }

    [Fact]
    public async Task Timer_FirstStart_RemembersItsFirstOccurrence()
    {
        await using var app = await StartAsync(typeof(Patient));

        var status = await StatusAsync("Patient", _ => true);

        Assert.Equal((default, NextYear), (status.Last, status.Next));
        Assert.Empty(_signals.Notes);
        Assert.Single(app.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("WEBSITE_TIME_ZONE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timer_WithoutMonitor_RemembersNothing()
    {
        await using var app = await StartAsync(typeof(Unmonitored));
        await _signals.WaitAsync("unmonitored");
        Assert.Equal("status False", _signals.Notes.First());
        Assert.Null(await (await MemoryAsync()).ReadAsync("Unmonitored", CancellationToken.None));
    }

    [Fact]
    public async Task Timer_SecondHostOfTheHub_RunsItOnlyInOne()
    {
        await using var app = await StartAsync(typeof(EverySecond));
        await app.WhenActiveAsync();
        var standby = new Signals();
        await using var second = await RunningApp.StartAsync(
            [typeof(EverySecond)], builder => builder.Services.AddSingleton(standby), await SettingsAsync());

        await _signals.WaitAsync("third");

        Assert.Empty(standby.Notes);
    }

    private static DateTime NextYear => new(DateTime.UtcNow.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private async Task<ScheduleStatus> StatusAsync(string function, Func<ScheduleStatus, bool> condition)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        var memory = await MemoryAsync();
        while (true)
        {
            if (await memory.ReadAsync(function, patience.Token) is { } status && condition(status)) return status;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    private static DateTime At(string text) => DateTime.Parse(text, null, System.Globalization.DateTimeStyles.AdjustToUniversal | System.Globalization.DateTimeStyles.AssumeUniversal);

    private async Task<BlobTimerMemory> MemoryAsync()
        => new(new BlobServiceClient(await SharedAzurite.ConnectionStringAsync()), _hub, TimeProvider.System, NullLogger.Instance);

    private async Task<RunningApp> StartAsync(Type functions) => await RunningApp.StartAsync(
        [functions],
        builder => builder.Services.AddSingleton(_signals),
        await SettingsAsync());

    private async Task<Dictionary<string, string?>> SettingsAsync() => new()
    {
        ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
        ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = _hub,
        ["Yearly"] = "0 0 0 1 1 *",

        // Not honoured: what these tests say of UTC holds all the same.
        ["WEBSITE_TIME_ZONE"] = "America/New_York",
    };

    internal sealed class EverySecond(Signals signals)
    {
        [Function("EverySecond")]
        public void Run([TimerTrigger("* * * * * *")] TimerInfo timer)
        {
            Assert.Null(timer.ScheduleStatus);
            signals.Notes.Enqueue("tick");
            if (signals.Notes.Count == 1) throw new InvalidOperationException("first time");
            if (signals.Notes.Count == 3) signals.Set("third");
        }
    }

    internal sealed class Yearly(Signals signals)
    {
        [Function("Yearly")]
        public void Run([TimerTrigger("%Yearly%", RunOnStartup = true)] TimerInfo timer)
        {
            signals.Notes.Enqueue($"past due {timer.IsPastDue}, last {timer.ScheduleStatus!.Last.Year}");
            signals.Set("yearly");
        }
    }

    internal sealed class Patient(Signals signals)
    {
        [Function("Patient")]
        public void Run([TimerTrigger("%Yearly%")] TimerInfo timer)
        {
            signals.Notes.Enqueue($"past due {timer.IsPastDue}, last {timer.ScheduleStatus!.Last.Year}");
            signals.Set("patient");
        }
    }

    internal sealed class Unmonitored(Signals signals)
    {
        [Function("Unmonitored")]
        public void Run([TimerTrigger("%Yearly%", RunOnStartup = true, UseMonitor = false)] TimerInfo timer)
        {
            signals.Notes.Enqueue($"status {timer.ScheduleStatus is not null}");
            signals.Set("unmonitored");
        }
    }
}
