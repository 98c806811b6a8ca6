using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>What is kept of failures says what failed, and stays small however often it fails.</summary>
public sealed class FailureSizeTests
{
    private const int Attempts = 300;

    [Fact]
    public async Task Retry_HundredsOfNestedFailures_HistoryStaysSmallAndTheLogHasTheWholeOfEach()
    {
        var functions = new TestFunctions()
            .Orchestrator("Retries", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fails", TaskOptions.FromRetryPolicy(new RetryPolicy(Attempts, TimeSpan.FromMilliseconds(1))));
                }
                catch (TaskFailedException failure)
                {
                    var (outer, inner) = (failure.FailureDetails, failure.FailureDetails.InnerFailure!);
                    return $"{outer} < {inner} < {inner.InnerFailure} < {outer.IsCausedBy<InvalidOperationException>()} {inner.IsCausedBy<IOException>()}";
                }

                return null;
            })
            .Activity("Fails", _ => Nested());
        using var logs = new CollectedLogs();
        await using var harness = await EngineHarness.StartAsync(functions, hub: new MemoryHub(), loggers: logs);

        var end = await harness.RunAsync("Retries");

        Assert.Equal(
            "System.InvalidOperationException: the step failed < System.IO.IOException: the site did not answer < System.TimeoutException: no answer < True True",
            end.ReadOutputAs<string>());
        Assert.Equal(Attempts, functions.CallsOf("Fails"));
        var writer = new ByteWriter();
        foreach (var item in (await harness.Engine.GetHistoryAsync(end.InstanceId, CancellationToken.None))!) HistoryCodec.Write(writer, item);
        Assert.InRange(writer.Length, 1, 300_000);
        Assert.Equal(Attempts, logs.Exceptions.Count(exception => exception.InnerException!.StackTrace!.Length > 2000));
    }

    [Fact]
    public void OfActivity_LongAndDeep_KeepsTheBeginningOfEachAndWhereItWasThrown()
    {
        Exception exception = new TimeoutException(new string('i', 100_000));
        for (var i = 0; i < 50; i++) exception = new IOException(new string('o', 100_000), exception);
        var thrown = Assert.Throws<IOException>(() => Deep<object>(20, exception));

        var details = Failures.OfActivity(thrown);

        Assert.StartsWith("oooo", details.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("100000 characters", details.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(nameof(Deep), details.StackTrace, StringComparison.Ordinal);
        Assert.EndsWith("(cut)", details.StackTrace, StringComparison.Ordinal);
        Assert.True(details.InnerFailure!.IsCausedBy<IOException>());
        var writer = new ByteWriter();
        HistoryCodec.WriteOptional(writer, details);
        Assert.InRange(writer.Length, 1, 20_000);
    }

    [Fact]
    public void ForParent_FailureOfASubOrchestration_KeepsWhatFailedAndLessOfWhere()
    {
        var failed = new TaskFailedException("Step", 0, Failures.OfActivity(Assert.Throws<InvalidOperationException>(Nested)));
        var own = Failures.OfOrchestrator(Assert.Throws<TaskFailedException>(() => Deep<object>(20, failed)));

        var kept = Failures.ForParent(own);

        Assert.True(own.StackTrace!.Length > kept.StackTrace!.Length);
        Assert.Equal((own.ErrorType, own.ErrorMessage, own.InnerFailure), (kept.ErrorType, kept.ErrorMessage, kept.InnerFailure));
        Assert.Equal("the site did not answer", kept.InnerFailure!.InnerFailure!.ErrorMessage);
    }

    private static object Nested()
    {
        try
        {
            return Middle();
        }
        catch (IOException cause)
        {
            return Deep<object>(20, new InvalidOperationException("the step failed", cause));
        }
    }

    private static object Middle()
    {
        try
        {
            return Deep<object>(20, new TimeoutException("no answer"));
        }
        catch (TimeoutException cause)
        {
            return Deep<object>(20, new IOException("the site did not answer", cause));
        }
    }

    // As far down as in a real client.
    private static T Deep<T>(int frames, Exception exception)
    {
        var result = frames == 0 ? throw exception : Deep<T>(frames - 1, exception);
        GC.KeepAlive(result);
        return result;
    }
}
