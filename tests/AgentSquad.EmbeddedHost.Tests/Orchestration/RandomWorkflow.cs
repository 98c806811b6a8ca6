using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A workflow as data: what it must yield can be computed without an engine, and an engine can run it.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(Step), "step")]
[JsonDerivedType(typeof(Nap), "nap")]
[JsonDerivedType(typeof(Listen), "listen")]
[JsonDerivedType(typeof(Flaky), "flaky")]
[JsonDerivedType(typeof(Broken), "broken")]
[JsonDerivedType(typeof(Sequence), "sequence")]
[JsonDerivedType(typeof(Parallel), "parallel")]
[JsonDerivedType(typeof(Child), "child")]
[JsonDerivedType(typeof(Fails), "fails")]
[JsonDerivedType(typeof(BrokenChild), "brokenChild")]
[JsonDerivedType(typeof(TimesOut), "timesOut")]
[JsonDerivedType(typeof(Large), "large")]
internal abstract record Node
{
    /// <summary>The value that the node makes of another.</summary>
    public abstract long Expected(long value);

    /// <summary>Runs the node.</summary>
    public abstract Task<long> RunAsync(TaskOrchestrationContext context, long value);

    /// <summary>The events that it waits for, in this instance.</summary>
    [JsonIgnore]
    public virtual IEnumerable<Listen> Listens => [];

    protected static long Mix(long a, long b) => unchecked((a * 31) + b);
}

internal sealed record Step(int Salt) : Node
{
    public override long Expected(long value) => Mix(value, Salt);

    public override Task<long> RunAsync(TaskOrchestrationContext context, long value) =>
        context.CallActivityAsync<long>("Mix", new[] { value, Salt });
}

internal sealed record Nap(int Milliseconds) : Node
{
    public override long Expected(long value) => Mix(value, 1);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        var before = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromMilliseconds(Milliseconds), CancellationToken.None);
        return Mix(value, context.CurrentUtcDateTime - before >= TimeSpan.FromMilliseconds(Milliseconds) ? 1 : 0);
    }
}

internal sealed record Listen(string Event, int Payload) : Node
{
    [JsonIgnore]
    public override IEnumerable<Listen> Listens => [this];

    public override long Expected(long value) => Mix(value, Payload);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value) =>
        Mix(value, await context.WaitForExternalEvent<int>(Event));
}

internal sealed record Flaky(string Key, int Failures, bool ByHandler) : Node
{
    public override long Expected(long value) => Mix(value, Failures);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        var options = ByHandler
            ? TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber <= 10)
            : TaskOptions.FromRetryPolicy(new RetryPolicy(10, TimeSpan.FromMilliseconds(1)));
        await context.CallActivityAsync("Flaky", new FlakyInput(Key, Failures), options);
        return Mix(value, Failures);
    }
}

internal sealed record FlakyInput(string Key, int Failures);

internal sealed record Broken : Node
{
    public override long Expected(long value) => Mix(value, -1);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        try
        {
            await context.CallActivityAsync("Broken");
            return 0;
        }
        catch (TaskFailedException failure) when (failure.FailureDetails.IsCausedBy<InvalidOperationException>())
        {
            return Mix(value, -1);
        }
    }
}

internal sealed record Sequence(IReadOnlyList<Node> Parts) : Node
{
    [JsonIgnore]
    public override IEnumerable<Listen> Listens => Parts.SelectMany(part => part.Listens);

    public override long Expected(long value) => Parts.Aggregate(value, (sum, part) => part.Expected(sum));

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        foreach (var part in Parts) value = await part.RunAsync(context, value);
        return value;
    }
}

internal sealed record Parallel(IReadOnlyList<Node> Parts) : Node
{
    [JsonIgnore]
    public override IEnumerable<Listen> Listens => Parts.SelectMany(part => part.Listens);

    public override long Expected(long value) => Parts.Select(part => part.Expected(value)).Aggregate(value, Mix);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value) =>
        (await Task.WhenAll(Parts.Select(part => part.RunAsync(context, value)))).Aggregate(value, Mix);
}

/// <summary>A sub-orchestration, which continues as new between its bodies.</summary>
internal sealed record Child(string Key, IReadOnlyList<Node> Bodies) : Node
{
    public override long Expected(long value) => Bodies.Aggregate(value, (sum, body) => body.Expected(sum));

    public override Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        var options = new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-{Key}");
        return context.CallSubOrchestratorAsync<long>("Run", new Program(Bodies, value), options);
    }
}

internal sealed record Fails : Node
{
    public override long Expected(long value) => throw new InvalidOperationException("There is no value.");

    public override Task<long> RunAsync(TaskOrchestrationContext context, long value) => throw new InvalidOperationException("planned");
}

/// <summary>A sub-orchestration that fails, is tried again and fails for good.</summary>
internal sealed record BrokenChild(string Key) : Node
{
    public override long Expected(long value) => Mix(value, -2);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        var options = new SubOrchestrationOptions(
            TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(1))), $"{context.InstanceId}-{Key}");
        try
        {
            return await context.CallSubOrchestratorAsync<long>("Run", new Program([new Fails()], value), options);
        }
        catch (TaskFailedException failure) when (failure.FailureDetails.IsCausedBy<InvalidOperationException>())
        {
            return Mix(value, -2);
        }
    }
}

/// <summary>A wait for what never comes.</summary>
internal sealed record TimesOut(int Milliseconds) : Node
{
    public override long Expected(long value) => Mix(value, -3);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value)
    {
        try
        {
            return await context.WaitForExternalEvent<int>("never", TimeSpan.FromMilliseconds(Milliseconds));
        }
        catch (OperationCanceledException)
        {
            return Mix(value, -3);
        }
    }
}

/// <summary>A result that goes to a blob.</summary>
internal sealed record Large(int Length) : Node
{
    public override long Expected(long value) => Mix(value, Length);

    public override async Task<long> RunAsync(TaskOrchestrationContext context, long value) =>
        Mix(value, (await context.CallActivityAsync<string>("Large", Length)).Length);
}

/// <summary>Sections of a workflow; between two of them the instance continues as new.</summary>
internal sealed record Program(IReadOnlyList<Node> Sections, long Value)
{
    /// <summary>The events that it waits for.</summary>
    [JsonIgnore]
    public IEnumerable<Listen> Listens => Sections.SelectMany(section => section.Listens);

    public long Expected() => Sections.Aggregate(Value, (sum, section) => section.Expected(sum));

    public static async Task<object?> RunAsync(TaskOrchestrationContext context)
    {
        var program = context.GetInput<Program>()!;
        context.SetCustomStatus(program.Sections.Count);
        var value = await program.Sections[0].RunAsync(context, program.Value);
        if (program.Sections.Count == 1) return value;
        context.ContinueAsNew(new Program([.. program.Sections.Skip(1)], value));
        return null;
    }
}

/// <summary>Makes workflows from a seed.</summary>
internal sealed class ProgramGenerator(int seed)
{
    private readonly Random _random = new(seed);
    private int _names;

    public Program Next() => new([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Node(depth: 0, events: true))], _random.Next(100));

    private Node Node(int depth, bool events) => _random.Next(depth < 3 ? 11 : 7) switch
    {
        0 or 1 => new Step(_random.Next(1000)),
        2 => new Nap(_random.Next(0, 15)),
        3 => events ? new Listen($"event-{_names++}", _random.Next(1000)) : new Step(_random.Next(1000)),
        4 => _random.Next(3) == 0 ? new Broken() : new Flaky($"{seed}-{_names++}", _random.Next(1, 4), _random.Next(2) == 0),
        5 => new TimesOut(_random.Next(1, 15)),
        6 => new Large(_random.Next(1000)),
        7 => new Parallel(Parts(depth, events, 4)),
        8 => _random.Next(3) == 0 ? new BrokenChild($"{_names++}") : new Child($"{_names++}", Parts(depth, events: false, most: 2)),
        _ => new Sequence(Parts(depth, events, 4)),
    };

    private List<Node> Parts(int depth, bool events, int most) =>
        [.. Enumerable.Range(0, _random.Next(1, most + 1)).Select(_ => Node(depth + 1, events))];
}
