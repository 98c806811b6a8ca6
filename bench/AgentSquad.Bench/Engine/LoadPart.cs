using System.Diagnostics;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.DurableTask;

namespace AgentSquad.Bench.Engine;

/// <summary>Figures of one orchestration at a time.</summary>
internal sealed record IdleFigures(double Median, double P95, double Min, double Appends);

/// <summary>Figures of orchestrations that run.</summary>
internal sealed record LoadFigures(
    double PerSecond, double SustainedPerSecond, double LagSeconds, double ProcessorMs, double Requests, IdleFigures Idle, double ShortStep,
    double LongStep);

/// <summary>Orchestrations that run: one at a time, many at once, short and long.</summary>
internal sealed class LoadPart : IAsyncDisposable
{
    private const int WarmUp = 200;
    private const int ShortSteps = 10;
    private const int StepsAtOnce = 16;

    private readonly EngineBenchSettings _settings;
    private readonly StorageRequests _requests;
    private readonly BenchHub _hub;

    private LoadPart(EngineBenchSettings settings, StorageRequests requests, BenchHub hub)
    {
        _settings = settings;
        _requests = requests;
        _hub = hub;
    }

    public static async Task<LoadPart> StartAsync(StorageAccount account, EngineBenchSettings settings, CancellationToken cancellation)
    {
        var requests = new StorageRequests();
        return new LoadPart(settings, requests, await BenchHub.StartAsync(account, "BenchLoad", new BenchFunctions(), cancellation));
    }

    public async Task<LoadFigures> RunAsync(CancellationToken cancellation)
    {
        EngineBench.Say("warm-up");
        await RunManyAsync("warm", Math.Min(WarmUp, _settings.Orchestrations), _settings.Activities, cancellation);
        await _hub.Table.FlushAsync(cancellation);
        var idle = await IdleAsync(cancellation);
        await _hub.Table.FlushAsync(cancellation);
        var loaded = await LoadAsync(cancellation);
        var longStep = await StepsAsync("long", _settings.Steps, 1, cancellation);
        var shortStep = await StepsAsync("short", ShortSteps, Math.Max(1, _settings.Steps / ShortSteps), cancellation);
        return loaded with { Idle = idle, ShortStep = shortStep, LongStep = longStep };
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _requests.Dispose();
    }

    private async Task<IdleFigures> IdleAsync(CancellationToken cancellation)
    {
        EngineBench.Say($"one orchestration at a time, {_settings.IdleRuns} times");
        var times = new List<double>(_settings.IdleRuns);
        var before = _requests.Appends;
        for (var i = 0; i < _settings.IdleRuns; i++)
        {
            var one = Stopwatch.StartNew();
            await RunManyAsync($"idle{i}", 1, _settings.Activities, cancellation);
            times.Add(one.Elapsed.TotalMilliseconds);
        }

        var appends = (_requests.Appends - before) / (double)_settings.IdleRuns;
        times.Sort();
        return new IdleFigures(times[times.Count / 2], times[times.Count * 95 / 100], times[0], appends);
    }

    private async Task<LoadFigures> LoadAsync(CancellationToken cancellation)
    {
        var count = _settings.Orchestrations;
        EngineBench.Say($"{count} orchestrations of {_settings.Activities} activities at once");
        var before = _requests.Count;
        var processor = ProcessorTime();
        var watch = Stopwatch.StartNew();
        await RunManyAsync("load", count, _settings.Activities, cancellation);
        var committed = watch.Elapsed.TotalSeconds;
        var lag = _hub.Table.Lag.TotalSeconds;
        await _hub.Table.FlushAsync(cancellation);
        var written = watch.Elapsed.TotalSeconds;
        return new LoadFigures(
            count / committed, count / written, lag, (ProcessorTime() - processor).TotalMilliseconds / count,
            (_requests.Count - before) / (double)count, new IdleFigures(0, 0, 0, 0), 0, 0);
    }

    // As many at once in both cases, so that only the length differs.
    private async Task<double> StepsAsync(string prefix, int steps, int rounds, CancellationToken cancellation)
    {
        EngineBench.Say($"{StepsAtOnce} at once of {steps} steps, {rounds} times");
        var before = ProcessorTime();
        for (var round = 0; round < rounds; round++) await RunManyAsync($"{prefix}{round}", StepsAtOnce, steps, cancellation);
        return (ProcessorTime() - before).TotalMicroseconds / (StepsAtOnce * (double)steps * rounds);
    }

    private static TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime;

    private async Task RunManyAsync(string prefix, int count, int activities, CancellationToken cancellation) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            var id = $"{prefix}-{i}";
            await _hub.Client.ScheduleNewOrchestrationInstanceAsync(
                BenchFunctions.Sequence, activities, new StartOrchestrationOptions(id), cancellation);
            await _hub.Client.WaitForInstanceCompletionAsync(id, cancellation);
        }));
}
