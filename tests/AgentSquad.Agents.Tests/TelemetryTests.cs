using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentSquad.Agents.Tests.Models;
using AgentSquad.TestSupport.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Agents.Tests;

public sealed class TelemetryTests
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData(LogLevel.Information, false)]
    [InlineData(LogLevel.Trace, true)]
    public async Task Step_IsInTheTraceOfItsWebhook_WithPromptsAtTraceLevelOnly(LogLevel level, bool hasPrompts)
    {
        using var spans = new Spans();
        await using var server = await ModelServer.StartAsync(ScriptedSquad.Happy);
        var services = Squad.Build(AgentsProvider.OpenAI, server);
        services.AddLogging(logging => logging.SetMinimumLevel(level).AddProvider(new Nothing()));
        await using var provider = services.BuildServiceProvider();
        using (AgentTelemetry.StartForRun("accept webhook", _run, ActivityKind.Server)) { }

        await provider.GetRequiredService<AgentSquad.Core.Squad.ISquadAgents>().TriageAsync(
            Squad.Step($"{_run[..12]}/triage/1", AgentSquad.Core.Squad.SquadRole.ProjectManager), new(Offline.Tickets.Export(), []), default);

        var webhook = Assert.Single(spans.Of("accept webhook"), span => span.TraceId == Trace());
        var trace = spans.All.Where(span => span.TraceId == webhook.TraceId).ToList();
        Assert.Contains(trace, span => span.OperationName == "step Triage");
        var chat = Assert.Single(trace, span => span.GetTagItem("gen_ai.operation.name") is "chat");
        Assert.Equal("model-a", chat.GetTagItem("gen_ai.request.model"));
        Assert.NotNull(chat.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(hasPrompts, chat.TagObjects.Any(tag => tag.Value?.ToString()?.Contains("Customers can export", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Call_IsCountedInTokensAndMoneyAndFailures()
    {
        var counted = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => { if (instrument.Meter.Name == AgentTelemetry.SquadSource) own.EnableMeasurementEvents(instrument); } };
        var model = $"model-{_run}";
        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags) if (Equals(tag.Value, model)) counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.Start();
        var number = 0;
        await using var squad = await Squad.StartAsync(
            request => Interlocked.Increment(ref number) == 1 ? ModelReply.Status(500) : (TextReply)ScriptedSquad.Happy(request) with { Input = 1_000, Output = 500 },
            ("Agents:Model", model), ("Agents:Prices:0:Model", model), ("Agents:Prices:0:Input", "2"), ("Agents:Prices:0:Output", "8"));
        await squad.TriageAsync();
        Assert.Equal(1_500, counted["agentsquad.model.tokens"]);
        Assert.Equal(0.006, counted["agentsquad.model.cost"], 6);
        Assert.Equal(1, counted["agentsquad.model.failures"]);
    }

    private ActivityTraceId Trace()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == AgentTelemetry.SquadSource, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var span = AgentTelemetry.StartForRun("again", _run[..12]);
        return span!.TraceId;
    }

    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _spans = new();
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name.StartsWith("AgentSquad", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _spans.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> All => [.. _spans];

        public IEnumerable<Activity> Of(string name) => All.Where(span => span.OperationName == name);

        public void Dispose() => _listener.Dispose();
    }

    private sealed class Nothing : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) { }

        public void Dispose() { }
    }
}
