using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Queues;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Queues;

/// <summary>Queue triggers on real Azurite.</summary>
public sealed class QueueListenerTests
{
    private readonly Signals _signals = new();
    private readonly string _queue = $"q{Guid.NewGuid():N}";

    [Theory]
    [InlineData(typeof(AsText), "text {\"Name\":\"Bo\",\"Age\":3}")]
    [InlineData(typeof(AsType), "type Bo 3")]
    [InlineData(typeof(AsBytes), "bytes 21")]
    [InlineData(typeof(AsBinaryData), "data {\"Name\":\"Bo\",\"Age\":3}")]
    [InlineData(typeof(AsMessage), "message {\"Name\":\"Bo\",\"Age\":3} attempt 1 True True")]
    public async Task Message_EachParameterType_IsBound(Type function, string expected)
    {
        await using var app = await StartAsync(function);
        await SendAsync("""{"Name":"Bo","Age":3}""");
        await _signals.WaitAsync("received");
        Assert.Equal(expected, Assert.Single(_signals.Notes));
        await UntilEmptyAsync(_queue);
    }

    [Fact]
    public async Task Message_EncodingNone_IsTakenAsItIs()
    {
        await using var app = await StartAsync(typeof(AsText), new() { ["AzureFunctionsJobHost:extensions:queues:messageEncoding"] = "none" });
        await SendAsync("plain ü", QueueMessageEncoding.None);
        await _signals.WaitAsync("received");
        Assert.Equal("text plain ü", Assert.Single(_signals.Notes));
    }

    [Fact]
    public async Task Message_WhoseFunctionFails_IsTriedAgainAndThenPoison()
    {
        await using var app = await StartAsync(typeof(Failing), new() { ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "3" });
        await SendAsync("bad luck");
        var poison = await ReceiveAsync($"{_queue}-poison");
        Assert.Equal("bad luck", poison.Body.ToString());
        Assert.Equal(["attempt 1", "attempt 2", "attempt 3"], _signals.Notes);
        await UntilEmptyAsync(_queue);
        Assert.Equal(3, app.Log.Count(line => line.StartsWith("Error Function.Failing Executed Failing (Failed", StringComparison.Ordinal)));
        Assert.Single(app.Log, line => line.Contains($"went to {_queue}-poison after 3 attempts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Message_ThatIsNotBase64_GoesToPoisonUntouchedWithoutTheFunction()
    {
        await using var app = await StartAsync(typeof(AsText));
        await SendAsync("<not base64>", QueueMessageEncoding.None);
        var poison = await ReceiveAsync($"{_queue}-poison", QueueMessageEncoding.None);
        Assert.Equal("<not base64>", poison.Body.ToString());
        Assert.Empty(_signals.Notes);
    }

    [Fact]
    public async Task Messages_AtOnce_AreNoMoreThanBatchAndThreshold()
    {
        await using var app = await StartAsync(typeof(Counting), new()
        {
            ["AzureFunctionsJobHost:extensions:queues:batchSize"] = "4",
            ["AzureFunctionsJobHost:extensions:queues:newBatchThreshold"] = "2",
        });
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => SendAsync($"{i}")));
        await _signals.WaitAsync("30");
        var most = _signals.Notes.Max(note => int.Parse(note, System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(most, 2, 6);
    }

    [Fact]
    public async Task Stop_FunctionRuns_IsAwaitedAndItsMessageDeleted()
    {
        var app = await StartAsync(typeof(Slow));
        await SendAsync("take your time");
        await _signals.WaitAsync("started");
        var stop = app.StopAsync();
        Assert.False(stop.IsCompleted);
        _signals.Set("may-end");
        await stop.WaitAsync(RunningApp.Patience);
        Assert.Contains("ended", _signals.Notes);
        await UntilEmptyAsync(_queue);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task KeepHidden_LongerThanItsLease_NobodyElseGetsTheMessage()
    {
        var queue = await QueueAsync(_queue, QueueMessageEncoding.None);
        await queue.CreateAsync();
        await queue.SendMessageAsync("mine");
        var lease = TimeSpan.FromSeconds(1);
        QueueMessage message = await queue.ReceiveMessageAsync(lease);
        var handle = new MessageHandle(queue, message, TimeProvider.System, NullLogger.Instance);
        await using (handle.KeepHidden(lease, TimeSpan.FromMilliseconds(200)))
        {
            using var threeLeases = new CancellationTokenSource(lease * 3);
            while (!threeLeases.IsCancellationRequested)
            {
                Assert.Null((await queue.ReceiveMessageAsync(lease)).Value);
                await Task.Delay(100);
            }
        }

        await handle.DeleteAsync();
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Storage_GoneForAWhile_IsSaidOnceAndSurvived()
    {
        // The queue is reached over a line of its own; the hub's storage does not go away.
        await using var line = await StorageLine.CreateAsync();
        line.Open();
        await using var app = await StartAsync(typeof(Elsewhere), new() { ["OtherStorage"] = line.ConnectionString });
        await SendAsync("hello");
        await _signals.WaitAsync("received");

        line.Cut();
        await UntilAsync(() => app.Log.Any(entry => entry.Contains($"The queue {_queue} does not answer", StringComparison.Ordinal)));
        line.Mend();
        await SendAsync("hello again");
        await UntilAsync(() => _signals.Notes.Contains("elsewhere hello again"));
        Assert.Single(app.Log, entry => entry.Contains($"The queue {_queue} does not answer", StringComparison.Ordinal));
        Assert.Single(app.Log, entry => entry.Contains($"The queue {_queue} answers again", StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (!isSo()) await Task.Delay(50, patience.Token);
    }

    private async Task<RunningApp> StartAsync(Type function, Dictionary<string, string?>? settings = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
            ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
            ["TestQueue"] = _queue,
        };
        foreach (var (key, value) in settings ?? []) all[key] = value;
        var app = await RunningApp.StartAsync([function], builder => builder.Services.AddSingleton(_signals), all);
        await app.WhenActiveAsync();
        return app;
    }

    private static async Task<QueueClient> QueueAsync(string name, QueueMessageEncoding encoding)
        => new(await SharedAzurite.ConnectionStringAsync(), name, new QueueClientOptions { MessageEncoding = encoding });

    private async Task SendAsync(string text, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = await QueueAsync(_queue, encoding);
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(text);
    }

    private static async Task<QueueMessage> ReceiveAsync(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = await QueueAsync(name, encoding);
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            if ((await queue.ExistsAsync(patience.Token)).Value && (await queue.ReceiveMessageAsync(cancellationToken: patience.Token)).Value is { } message)
                return message;
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task UntilEmptyAsync(string name)
    {
        var queue = await QueueAsync(name, QueueMessageEncoding.None);
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while ((await queue.GetPropertiesAsync(patience.Token)).Value.ApproximateMessagesCount > 0) await Task.Delay(50, patience.Token);
    }

    internal sealed record Person(string Name, int Age);

    internal sealed class AsText(Signals signals)
    {
        [Function("AsText")]
        public void Run([QueueTrigger("%TestQueue%")] string message) => Note(signals, $"text {message}");
    }

    internal sealed class Elsewhere(Signals signals)
    {
        [Function("Elsewhere")]
        public void Run([QueueTrigger("%TestQueue%", Connection = "OtherStorage")] string message) => Note(signals, $"elsewhere {message}");
    }

    internal sealed class AsType(Signals signals)
    {
        [Function("AsType")]
        public void Run([QueueTrigger("%TestQueue%")] Person person) => Note(signals, $"type {person.Name} {person.Age}");
    }

    internal sealed class AsBytes(Signals signals)
    {
        [Function("AsBytes")]
        public void Run([QueueTrigger("%TestQueue%")] byte[] message) => Note(signals, $"bytes {message.Length}");
    }

    internal sealed class AsBinaryData(Signals signals)
    {
        [Function("AsBinaryData")]
        public void Run([QueueTrigger("%TestQueue%")] BinaryData message) => Note(signals, $"data {message}");
    }

    internal sealed class AsMessage(Signals signals)
    {
        [Function("AsMessage")]
        public void Run([QueueTrigger("%TestQueue%")] QueueMessage message, int dequeueCount, string id, DateTimeOffset insertionTime)
            => Note(signals, $"message {message.Body} attempt {dequeueCount} {id == message.MessageId} {insertionTime == message.InsertedOn}");
    }

    internal sealed class Failing(Signals signals)
    {
        [Function("Failing")]
        public Task RunAsync([QueueTrigger("%TestQueue%")] string message, long dequeueCount)
        {
            signals.Notes.Enqueue($"attempt {dequeueCount}");
            throw new InvalidOperationException(message);
        }
    }

    internal sealed class Counting(Signals signals)
    {
        private static int s_running;
        private static int s_done;

        [Function("Counting")]
        public async Task RunAsync([QueueTrigger("%TestQueue%")] string message)
        {
            signals.Notes.Enqueue(JsonSerializer.Serialize(Interlocked.Increment(ref s_running)));
            await Task.Delay(int.Parse(message, System.Globalization.CultureInfo.InvariantCulture) % 3 * 20);
            Interlocked.Decrement(ref s_running);
            signals.Set($"{Interlocked.Increment(ref s_done)}");
        }
    }

    internal sealed class Slow(Signals signals)
    {
        [Function("Slow")]
        public async Task RunAsync([QueueTrigger("%TestQueue%")] string message)
        {
            signals.Set("started");
            await signals.WaitAsync("may-end");
            signals.Notes.Enqueue(message.Length > 0 ? "ended" : "");
        }
    }

    private static void Note(Signals signals, string text)
    {
        signals.Notes.Enqueue(text);
        signals.Set("received");
    }
}
