using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport;
using AgentSquad.TestSupport.Models;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>What a collector gets to see of runs.</summary>
public sealed class ModelTelemetryTests(ModelSite models) : IClassFixture<ModelSite>
{
    private const string EchoOnly = "everything_echo";

    [Fact]
    public async Task Telemetry_Exported_TracesFromWebhookToModelAndToolAndMeasuresTheRun()
    {
        var tries = 0;
        var (site, _) = await models.UseAsync(
            "OpenAI", "/v1",
            request => request.Step != "triage" ? ScriptedSquad.Happy(request)
                // Two tries within the step, then the step again; a tool; a question to the reporter; an answer that does not fit.
                : Interlocked.Increment(ref tries) <= 2 ? ModelReply.Status(503)
                : request.ToolResults.Count == 0 ? ModelReply.Call(EchoOnly, """{"message":"hello"}""")
                : request.Turns == 1 ? ModelReply.Say("No JSON.")
                : ScriptedSquad.Clarify(request),
            ("Agents__Attempts", "2"), ("Agents__Mcp__Servers__everything__Command", "node"), ("Agents__Mcp__Servers__everything__Arguments__0", EverythingServer.Script),
            ("Agents__Mcp__Servers__everything__Arguments__1", "stdio"), ("Agents__Mcp__Servers__everything__TrustAsReadOnly__0", "echo"),
            ("Agents__Roles__ProjectManager__Tools__0", "everything/*"));
        var key = await ModelSite.CreateAsync(site, "scenario clarify with words that no trace may hold");
        await Eventually.HoldsAsync(async () => (await site.Runs.FindAsync(key, default))?.Stage == "Clarify", () => site.AppLog);
        await site.CommentAsync(key, "The blue thing.");
        var run = await ModelSite.EndAsync(site, key);

        string[] metrics =
        [
            "agentsquad.runs", "agentsquad.run.duration", "agentsquad.run.waiting", "agentsquad.step.retries", "agentsquad.model.tokens", "agentsquad.model.cost",
            "agentsquad.model.failures", "agentsquad.model.retries", "agentsquad.model.repairs", "agentsquad.tool.calls", "gen_ai.client.operation.duration",
            "gen_ai.client.token.usage",
        ];
        var seen = models.Collector;
        await Eventually.HoldsAsync(
            () => metrics.Except(seen.Points.Select(point => point.Metric)).Any() is false && seen.Spans.Any(span => span.Name == "step Verify"),
            () => $"Missing: {string.Join(", ", metrics.Except(seen.Points.Select(point => point.Metric)))}\n{site.AppLog}");

        var step = seen.Spans.Last(span => span.Name == "step Triage" && span.Attributes["agentsquad.instance"] == run.InstanceId);
        await Eventually.HoldsAsync(() => seen.Spans.Any(span => span.TraceId == step.TraceId && span.Name == "step Verify"), () => site.AppLog);
        var trace = seen.Spans.Where(span => span.TraceId == step.TraceId).ToList();
        string[] steps = ["step Implement", "step Plan", "step Review", "step Triage", "step Verify"];
        Assert.Equal(steps, trace.Select(span => span.Name).Where(name => name.StartsWith("step ", StringComparison.Ordinal)).Distinct().Order());
        Assert.Contains(trace, span => span.Name == "accept webhook");
        Assert.Contains(trace, span => span.Name == "process event");
        var tool = trace.First(span => span.Name == "execute_tool echo" && span.Attributes["agentsquad.tool.outcome"] == "ok" && span.ParentId.Length > 0);
        Assert.Contains(trace, parent => parent.Name == "step Triage" && IsBelow(trace, tool, parent));
        Assert.Equal("execute_tool", tool.Attributes["gen_ai.operation.name"]);
        var chats = trace.Where(span => span.Attributes.GetValueOrDefault("gen_ai.operation.name") == "chat").ToList();
        Assert.All(chats, chat =>
        {
            Assert.Equal("model-a", chat.Attributes["gen_ai.request.model"]);
            Assert.Contains(trace, parent => parent.Name.StartsWith("step ", StringComparison.Ordinal) && IsBelow(trace, chat, parent));
        });
        Assert.Contains(chats, chat => chat.Attributes.ContainsKey("gen_ai.usage.input_tokens"));
        Assert.Contains(chats, chat => chat.Attributes.ContainsKey("error.type"));
        Assert.DoesNotContain(seen.Spans, span => span.Raw.Contains("words that no trace may hold", StringComparison.Ordinal));

        Assert.Contains(seen.Points, point => point is { Metric: "agentsquad.runs", Value: >= 1 }
            && point.Attributes["agentsquad.stage"] == "Deliver" && point.Attributes["agentsquad.result"] == "Deliver");
        Assert.Contains(seen.Points, point => point is { Metric: "agentsquad.run.waiting", Value: > 0 } && point.Attributes["agentsquad.stage"] == "Clarify");
        Assert.Contains(seen.Points, point => point is { Metric: "agentsquad.step.retries", Value: >= 1 } && point.Attributes["agentsquad.failure"] == "Transient");
        Assert.Contains(seen.Points, point => point is { Metric: "agentsquad.model.retries", Value: >= 1 } && point.Attributes["gen_ai.request.model"] == "model-a");
        Assert.Contains(seen.Points, point => point is { Metric: "agentsquad.model.cost", Value: > 0 } && point.Attributes["agentsquad.role"] == "TechLead");
        Assert.Contains(seen.Points, point => point is { Metric: "agentsquad.tool.calls", Value: >= 1 } && point.Attributes["agentsquad.tool.outcome"] == "ok");
    }

    private static bool IsBelow(IReadOnlyList<OtlpSpan> trace, OtlpSpan span, OtlpSpan parent) =>
        span.ParentId == parent.SpanId || trace.FirstOrDefault(other => other.SpanId == span.ParentId) is { } between && IsBelow(trace, between, parent);
}
