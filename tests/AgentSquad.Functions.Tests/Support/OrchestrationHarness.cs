using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Moq.Protected;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>
/// A mocked orchestration context: activities and sub-orchestrations answer from a script, events and timers come when a test says so. What
/// goes through it is turned to JSON and back, as on a host.
/// </summary>
internal sealed class OrchestrationHarness
{
    private readonly Dictionary<string, Func<object, object?>> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<TaskCompletionSource<object?>>> _waits = new(StringComparer.Ordinal);
    private readonly List<(DateTime At, TaskCompletionSource Fired)> _timers = [];

    public OrchestrationHarness(object input, string instanceId = "jira-12345678-10")
    {
        Mock = new Mock<TaskOrchestrationContext>();
        Mock.SetupGet(c => c.InstanceId).Returns(instanceId);
        Mock.SetupGet(c => c.CurrentUtcDateTime).Returns(() => Now);
        Mock.Protected().SetupGet<ILoggerFactory>("LoggerFactory").Returns(NullLoggerFactory.Instance);
        Mock.Setup(c => c.GetInput<It.IsAnyType>())
            .Returns(new InvocationFunc(call => RoundTrip(input, call.Method.GetGenericArguments()[0])!));
        Mock.Setup(c => c.CallActivityAsync<It.IsAnyType>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns(new InvocationFunc(Answer));
        Mock.Setup(c => c.CallSubOrchestratorAsync<It.IsAnyType>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns(new InvocationFunc(Answer));
        Mock.Setup(c => c.WaitForExternalEvent<It.IsAnyType>(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(new InvocationFunc(call => Wait((string)call.Arguments[0]!)));
        Mock.Setup(c => c.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Returns((DateTime at, CancellationToken cancellation) => Timer(at, cancellation));
        Mock.Setup(c => c.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>()))
            .Returns((TimeSpan delay, CancellationToken cancellation) => Timer(Now + delay, cancellation));
        Mock.Setup(c => c.SetCustomStatus(It.IsAny<object?>())).Callback((object? status) => CustomStatus = (JsonElement)status!);
        Mock.Setup(c => c.ContinueAsNew(It.IsAny<object?>(), It.IsAny<bool>())).Callback((object? next, bool _) => ContinuedWith = next);
        Mock.Setup(c => c.SendEvent(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object>()))
            .Callback((string id, string name, object _) =>
            {
                Sent.Add((id, name));
                OnSend?.Invoke(id, name);
            });
    }

    public Mock<TaskOrchestrationContext> Mock { get; }

    public TaskOrchestrationContext Context => Mock.Object;

    public DateTime Now { get; set; } = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public JsonElement CustomStatus { get; private set; }

    public object? ContinuedWith { get; private set; }

    /// <summary>Events sent to other instances.</summary>
    public List<(string InstanceId, string Name)> Sent { get; } = [];

    public Action<string, string>? OnSend { get; set; }

    /// <summary>Calls in their order: name and input.</summary>
    public ConcurrentQueue<(string Name, object Input)> Calls { get; } = new();

    public IEnumerable<T> InputsOf<T>() => Calls.Select(call => call.Input).OfType<T>();

    public int CountOf(string name) => Calls.Count(call => call.Name == name);

    /// <summary>Scripts an activity or sub-orchestration. A returned task is awaited by the orchestration.</summary>
    public OrchestrationHarness On<TInput>(string name, Func<TInput, object?> answer)
    {
        _answers[name] = input => answer((TInput)input);
        return this;
    }

    /// <summary>Raises an event that the orchestration waits for now or later.</summary>
    public void Raise(string name)
    {
        TaskCompletionSource<object?>? waiting = null;
        lock (_waits)
        {
            if (!_waits.TryGetValue(name, out var waits)) _waits[name] = waits = new();
            if (waits.Count > 0 && waits.Peek() is { Task.IsCompleted: false }) waiting = waits.Dequeue();
            else waits.Enqueue(Completed());
        }

        waiting?.SetResult(null);
    }

    /// <summary>Advances the clock and fires what is due, earliest first.</summary>
    public void Advance(TimeSpan by)
    {
        var until = Now + by;
        while (_timers.Where(timer => timer.At <= until && !timer.Fired.Task.IsCompleted).OrderBy(timer => timer.At).FirstOrDefault() is { Fired: not null } due)
        {
            Now = due.At > Now ? due.At : Now;
            due.Fired.SetResult();
        }

        Now = until;
    }

    public static TaskFailedException Failure(string activity, Exception cause) => new(activity, 1, TaskFailureDetails.FromException(cause));

    private static TaskCompletionSource<object?> Completed()
    {
        var source = new TaskCompletionSource<object?>();
        source.SetResult(null);
        return source;
    }

    private object Answer(IInvocation call)
    {
        var name = ((TaskName)call.Arguments[0]!).Name;
        var type = call.Method.GetGenericArguments()[0];
        var input = call.Arguments[1]!;
        Calls.Enqueue((name, input));
        if (!_answers.TryGetValue(name, out var answer)) throw new InvalidOperationException($"The test has no answer for {name}.");
        return typeof(OrchestrationHarness).GetMethod(nameof(AnswerAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [answer, RoundTrip(input, input.GetType())])!;
    }

    private static async Task<T> AnswerAsync<T>(Func<object, object?> answer, object input)
    {
        var result = answer(input);
        if (result is Task<object?> pending) result = await pending;
        if (result is Exception failure) throw failure;
        return (T)RoundTrip(result, typeof(T))!;
    }

    private Task<object?> Wait(string name)
    {
        lock (_waits)
        {
            if (!_waits.TryGetValue(name, out var waits)) _waits[name] = waits = new();
            if (waits.Count > 0 && waits.Peek().Task.IsCompleted) return waits.Dequeue().Task;
            var source = new TaskCompletionSource<object?>();
            waits.Enqueue(source);
            return source.Task;
        }
    }

    private Task Timer(DateTime at, CancellationToken cancellation)
    {
        var fired = new TaskCompletionSource();
        cancellation.Register(() => fired.TrySetCanceled(cancellation));
        if (at <= Now) fired.SetResult();
        else _timers.Add((at, fired));
        return fired.Task;
    }

    private static object? RoundTrip(object? value, Type type) =>
        value is null ? null : JsonSerializer.Deserialize(JsonSerializer.Serialize(value, value.GetType()), type);
}
