using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSquad.Functions.Run;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Moq.Protected;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>
/// Replays a recorded history, as the management endpoint shows it, against today's orchestrator: every recorded result must find the call
/// that asked for it, with the same input, and nothing may be asked for that the history does not have.
/// </summary>
internal sealed partial class HistoryReplay
{
    private readonly List<Pending> _calls = [];
    private readonly List<(DateTime FireAt, TaskCompletionSource Fired)> _timers = [];
    private readonly Dictionary<string, Queue<TaskCompletionSource<object?>>> _waits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _early = new(StringComparer.Ordinal);
    private readonly Mock<TaskOrchestrationContext> _context = new();
    private DateTime _now;
    private bool _continued;

    private HistoryReplay(JsonElement history)
    {
        var started = history.GetProperty("historyEvents")[0];
        _now = started.GetProperty("Timestamp").GetDateTime();
        _context.SetupGet(c => c.InstanceId).Returns(history.GetProperty("instanceId").GetString()!);
        _context.SetupGet(c => c.CurrentUtcDateTime).Returns(() => _now);
        _context.Protected().SetupGet<ILoggerFactory>("LoggerFactory").Returns(NullLoggerFactory.Instance);
        _context.Setup(c => c.GetInput<It.IsAnyType>()).Returns(new InvocationFunc(
            call => started.GetProperty("Input").Deserialize(call.Method.GetGenericArguments()[0])!));
        _context.Setup(c => c.CallActivityAsync<It.IsAnyType>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns(new InvocationFunc(Call));
        _context.Setup(c => c.CallSubOrchestratorAsync<It.IsAnyType>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns(new InvocationFunc(Call));
        _context.Setup(c => c.WaitForExternalEvent<It.IsAnyType>(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(new InvocationFunc(call => Wait((string)call.Arguments[0]!)));
        _context.Setup(c => c.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Returns((DateTime at, CancellationToken cancellation) => Timer(at, cancellation));
        _context.Setup(c => c.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>()))
            .Returns((TimeSpan delay, CancellationToken cancellation) => Timer(_now + delay, cancellation));
        _context.Setup(c => c.ContinueAsNew(It.IsAny<object?>(), It.IsAny<bool>())).Callback(() => _continued = true);
    }

    /// <summary>Replays a history.</summary>
    /// <exception cref="InvalidOperationException">The code does not fit the history; the message says where.</exception>
    public static async Task RunAsync<T>(JsonElement history, Func<TaskOrchestrationContext, Task<T>> orchestrator)
    {
        var replay = new HistoryReplay(history);
        var running = orchestrator(replay._context.Object);
        foreach (var happened in history.GetProperty("historyEvents").EnumerateArray().Skip(1)) replay.Apply(happened);
        if (!running.IsCompleted) throw new InvalidOperationException($"The history has ended, but the code waits for {replay.Outstanding()}.");
        if (replay._continued) return;
        if (replay._calls.Count > 0) throw new InvalidOperationException($"The code has ended, but it asked for {replay.Outstanding()}.");
        var end = await EndAsync(running);
        var recorded = history.GetProperty("runtimeStatus").GetString() == "Failed" ? "failed" : Canonical(history.GetProperty("output").GetRawText());
        if (end != recorded) throw new InvalidOperationException($"The code ends with {end}, the history with {recorded}.");
    }

    private static async Task<string> EndAsync<T>(Task<T> running)
    {
        try
        {
            return Canonical(JsonSerializer.Serialize(await running));
        }
        catch (RunEndedException)
        {
            return "failed";
        }
    }

    private void Apply(JsonElement recorded)
    {
        _now = recorded.GetProperty("Timestamp").GetDateTime();
        switch (recorded.GetProperty("EventType").GetString())
        {
            case "TaskCompleted" or "SubOrchestrationInstanceCompleted":
                Answer(recorded);
                break;
            case "EventRaised":
                Raise(recorded.GetProperty("Name").GetString()!);
                break;
            case "TimerFired":
                Fire();
                break;
            case "TaskFailed" or "SubOrchestrationInstanceFailed":
                Fail(recorded);
                break;
            default:
                break;
        }
    }

    private void Answer(JsonElement recorded)
    {
        var name = recorded.GetProperty("FunctionName").GetString()!;
        var input = Canonical(recorded.GetProperty("Input").GetRawText());
        var call = _calls.Find(pending => pending.Name == name && pending.Input == input)
            ?? throw new InvalidOperationException($"The history has a result of {name}, but the code asked for {Outstanding()}. Recorded input: {input}");
        _calls.Remove(call);
        call.Complete(recorded.GetProperty("Result"));
    }

    // A failed call is recorded without its input, and with the failure that ended its retries.
    private void Fail(JsonElement recorded)
    {
        var name = recorded.GetProperty("FunctionName").GetString()!;
        var call = _calls.Find(pending => pending.Name == name)
            ?? throw new InvalidOperationException($"The history has a failure of {name}, but the code asked for {Outstanding()}.");
        _calls.Remove(call);
        var details = recorded.GetProperty("Details").GetString()!.Split(": ", 2);
        call.Fail(new TaskFailedException(name, 0, new TaskFailureDetails(details[0], details[1], StackTrace: null, InnerFailure: null, Properties: null)));
    }

    private void Raise(string name)
    {
        if (_waits.TryGetValue(name, out var waits) && waits.TryDequeue(out var wait)) wait.SetResult(null);
        else _early[name] = _early.GetValueOrDefault(name) + 1;
    }

    private void Fire()
    {
        var due = _timers.Where(timer => !timer.Fired.Task.IsCompleted).OrderBy(timer => timer.FireAt).FirstOrDefault();
        if (due.Fired is null) throw new InvalidOperationException("A timer fired in the history, but the code has none.");
        due.Fired.SetResult();
    }

    private object Call(IInvocation call)
    {
        var create = typeof(Pending).GetMethod(nameof(Pending.Of), BindingFlags.Static | BindingFlags.Public)!
            .MakeGenericMethod(call.Method.GetGenericArguments()[0]);
        var input = call.Arguments[1]!;
        var (pending, task) = ((Pending, Task))create.Invoke(
            null, [((TaskName)call.Arguments[0]!).Name, Canonical(JsonSerializer.Serialize(input, input.GetType()))])!;
        _calls.Add(pending);
        return task;
    }

    private Task<object?> Wait(string name)
    {
        var source = new TaskCompletionSource<object?>();
        if (_early.GetValueOrDefault(name) > 0)
        {
            _early[name]--;
            source.SetResult(null);
            return source.Task;
        }

        if (!_waits.TryGetValue(name, out var waits)) _waits[name] = waits = new();
        waits.Enqueue(source);
        return source.Task;
    }

    private Task Timer(DateTime at, CancellationToken cancellation)
    {
        var fired = new TaskCompletionSource();
        cancellation.Register(() => fired.TrySetCanceled(cancellation));
        _timers.Add((at, fired));
        return fired.Task;
    }

    private string Outstanding() => _calls.Count == 0 ? "nothing" : string.Join("; ", _calls.Select(call => $"{call.Name} {call.Input}"));

    // Times differ by what passed between a result and the turn that saw it; everything else has to be the same.
    private static string Canonical(string json) => Time().Replace(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json)), "time");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+(Z|\\u002B00:00|[+-]\d\d:\d\d)?")]
    private static partial Regex Time();

    /// <summary>A call that waits for its recorded result.</summary>
    private sealed record Pending(string Name, string Input, Action<JsonElement> Complete, Action<Exception> Fail)
    {
        public static (Pending Call, Task Task) Of<T>(string name, string input)
        {
            var source = new TaskCompletionSource<T?>();
            return (new Pending(name, input, result => source.SetResult(result.Deserialize<T>()), source.SetException), source.Task);
        }
    }
}
