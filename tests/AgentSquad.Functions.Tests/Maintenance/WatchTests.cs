using AgentSquad.Core.Squad;
using AgentSquad.Functions.Maintenance;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using AgentSquad.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Tests.Maintenance;

[Collection(StorageTests.Name)]
public sealed class WatchTests(StorageFixture storage)
{
    [Fact]
    public async Task WatchRuns_NothingThere_SaysSoAsInformation()
    {
        var log = new Lines();
        await new Watch(storage.NewAccount(), TimeProvider.System, log).WatchRuns(new TimerInfo(), new FakeDurableTaskClient(), TestRequest.Context());
        Assert.Equal([(LogLevel.Information, "Watch: poison 0, queued 0, failed 0 in the last hour, open 0, oldest open 0 hours")], log.Said);
    }

    [Fact]
    public async Task WatchRuns_PoisonAndFailedRun_Warns()
    {
        var (account, log, client) = (storage.NewAccount(), new Lines(), new FakeDurableTaskClient());
        var poison = account.Queue($"{StorageNames.EventQueue}-poison");
        await poison.CreateAsync();
        await poison.SendMessageAsync("x");
        client.Runs.Add(Run("1", OrchestrationRuntimeStatus.Failed, createdHoursAgo: 30, updatedHoursAgo: 0));
        client.Runs.Add(Run("2", OrchestrationRuntimeStatus.Failed, createdHoursAgo: 30, updatedHoursAgo: 2));
        client.Runs.Add(Run("3", OrchestrationRuntimeStatus.Running, createdHoursAgo: 50, updatedHoursAgo: 1));

        await new Watch(account, TimeProvider.System, log).WatchRuns(new TimerInfo(), client, TestRequest.Context());

        Assert.Equal([(LogLevel.Warning, "Watch: poison 1, queued 0, failed 1 in the last hour, open 1, oldest open 50 hours")], log.Said);
    }

    [Fact]
    public void Line_TheAlertsQuery_ReadsIt()
    {
        var template = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "infra", "modules", "alerts.bicep"));

        // parse "Watch: poison " Poison:long ", queued " ... : the same words in the same places.
        var words = System.Text.RegularExpressions.Regex.Split(Watch.Line, @"\{\w+\}");
        var query = string.Join('*', words.Select(word => $"\"{word}\""));
        Assert.Matches(System.Text.RegularExpressions.Regex.Escape(query).Replace("\\*", @" \w+:long ", StringComparison.Ordinal), template);
    }

    private static OrchestrationMetadata Run(string issueId, OrchestrationRuntimeStatus status, int createdHoursAgo, int updatedHoursAgo)
    {
        var run = TestRuns.Run(issueId, RunStage.Work, status);
        return new OrchestrationMetadata(run.Name, run.InstanceId)
        {
            RuntimeStatus = status,
            CreatedAt = DateTimeOffset.UtcNow.AddHours(-createdHoursAgo).AddMinutes(-1),
            LastUpdatedAt = DateTimeOffset.UtcNow.AddHours(-updatedHoursAgo).AddMinutes(-1),
        };
    }

    private sealed class Lines : ILogger<Watch>
    {
        public List<(LogLevel Level, string Text)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add((logLevel, formatter(state, exception)));
    }
}
