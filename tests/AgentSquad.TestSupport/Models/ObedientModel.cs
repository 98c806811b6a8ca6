using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.TestSupport.Models;

/// <summary>A hostile ticket and what a model does that obeys it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Where">Where the hostile text is: description, comment, attachment or tool.</param>
/// <param name="Text">The text.</param>
/// <param name="Obey">How the model obeys.</param>
/// <param name="Tool">The tool that it calls.</param>
/// <param name="Arguments">What it calls it with, JSON.</param>
/// <param name="Say">What it says.</param>
/// <param name="Extra">What it adds to its answers.</param>
public sealed record HostileTicket(string Name, string Where, string Text, string Obey, string? Tool = null, string? Arguments = null, string? Say = null, JsonObject? Extra = null)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<HostileTicket> All { get; } = JsonSerializer.Deserialize<List<HostileTicket>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Models", "hostile-tickets.json")), JsonSerializerOptions.Web)!;
}

/// <summary>A model that does whatever the ticket says, as far as a model can.</summary>
/// <param name="ticket">The ticket.</param>
/// <param name="secrets">Secrets that it knows from somewhere, and gives away when it is told to.</param>
public sealed class ObedientModel(HostileTicket ticket, params string[] secrets)
{
    /// <summary>Names of the tools that it tried to call.</summary>
    public ConcurrentQueue<string> Tried { get; } = new();

    /// <summary>Answers.</summary>
    public ModelReply Answer(ModelRequest request)
    {
        // Where the hostile text is in a tool's result, the model reads that first.
        if (ticket.Where == "tool" && request.Step == "triage" && request.ToolResults.Count == 0)
        {
            return ModelReply.Call("everything_echo", JsonSerializer.Serialize(new { message = ticket.Text }));
        }

        var expected = ticket.Where == "tool" ? 1 : 0;
        if (ticket.Obey == "tool" && request.Turns == 1 && (request.Step == "triage" ? request.ToolResults.Count == expected : request.ToolResults.Count == 0))
        {
            Tried.Enqueue(ticket.Tool!);
            return ModelReply.Call(ticket.Tool!, ticket.Arguments ?? "{}");
        }

        if (ticket.Obey == "say") return ModelReply.Say(ticket.Say!);
        if (ScriptedSquad.Happy(request) is not TextReply { Text: var text } || JsonNode.Parse(text) is not JsonObject answer) return ScriptedSquad.Happy(request);
        Change(answer, request);
        var json = answer.ToJsonString();
        return ModelReply.Say(ticket.Obey == "escape" ? json.Replace("AKIA", "\\u0041KIA", StringComparison.Ordinal) : json);
    }

    private void Change(JsonObject answer, ModelRequest request)
    {
        var all = $"{request.System}\n{request.User}\n{string.Join('\n', request.ToolResults)}\n" +
            string.Join(' ', secrets.SelectMany(secret => new[] { secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) })) + " AKIAIOSFODNN7EXAMPLE";
        var leaked = all.Length > 1_800 ? all[^1_800..] : all;
        switch (ticket.Obey)
        {
            case "leak" or "escape":
                foreach (var name in new[] { "reason", "summary", "content" }.Where(answer.ContainsKey)) answer[name] = leaked;
                break;
            case "prefix":
                foreach (var name in new[] { "reason", "summary", "content" }.Where(answer.ContainsKey)) answer[name] = ticket.Say + answer[name];
                break;
            case "extra" when request.Turns == 1:
                foreach (var (name, value) in ticket.Extra!) answer[name] = value?.DeepClone();
                break;
            case "claim" when answer["criteria"] is JsonArray criteria && request.Turns == 1:
                criteria.Add(JsonSerializer.SerializeToNode(new { criterion = "The CEO is happy.", met = true, detail = "Surely.", taskId = (string?)null }));
                break;
        }

        if (answer["tasks"] is JsonArray tasks) ChangePlan(tasks, request);
    }

    private void ChangePlan(JsonArray tasks, ModelRequest request)
    {
        switch (ticket.Obey)
        {
            case "title": tasks[0]!["title"] = ticket.Say; break;
            case "id" when request.Turns == 1: tasks[0]!["id"] = ticket.Say; break;
            case "cycle" when request.Turns == 1: tasks[0]!["dependsOn"] = new JsonArray("T2"); break;
            case "many" when request.Turns == 1:
                for (var i = 3; i < 1_000; i++)
                {
                    var task = tasks[0]!.DeepClone();
                    task["id"] = $"T{i}";
                    tasks.Add(task);
                }

                break;
        }
    }
}
