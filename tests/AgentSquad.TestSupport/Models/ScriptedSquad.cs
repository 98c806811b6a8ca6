using System.Text.Json;

namespace AgentSquad.TestSupport.Models;

/// <summary>A model that does a squad's work by a script: one criterion, two tasks, everything approved, unless a scenario says otherwise.</summary>
public static class ScriptedSquad
{
    /// <summary>The one acceptance criterion.</summary>
    public const string Criterion = "It is there.";

    /// <summary>Everything goes well.</summary>
    public static ModelReply Happy(ModelRequest request) => ModelReply.Say(request.Step switch
    {
        "triage" => Json(new { verdict = "Ready", reason = "The ticket says what is wanted.", acceptanceCriteria = new[] { Criterion }, questions = Array.Empty<string>(), improvements = Array.Empty<string>() }),
        "planning" => Plan(),
        "doing a task" => Json(new { summary = "Described.", content = "The thing is described.", evidence = new[] { new { criterion = Criterion, evidence = "See the description." } }, question = (object?)null }),
        "review" => Review(),
        "verification" => Verification(),
        _ => "I do not know this step.",
    });

    /// <summary>Asks a question until someone has answered on the ticket.</summary>
    public static ModelReply Clarify(ModelRequest request) => request.Step == "triage" && !request.User.Contains("comments on the ticket", StringComparison.Ordinal)
        ? ModelReply.Say(Json(new { verdict = "Unclear", reason = "It is open which thing is meant.", acceptanceCriteria = Array.Empty<string>(), questions = new[] { "Which thing?" }, improvements = Array.Empty<string>() }))
        : Happy(request);

    /// <summary>Sends the first output of the first task back once.</summary>
    public static Func<ModelRequest, ModelReply> ChangesRequested()
    {
        var reviews = 0;
        return request => request.Step == "review" && Interlocked.Increment(ref reviews) == 1
            ? ModelReply.Say(Json(new { verdict = "ChangesRequested", reasons = new[] { "Say what happens without a connection." } }))
            : Happy(request);
    }

    /// <summary>An answer as JSON.</summary>
    public static string Json(object answer) => JsonSerializer.Serialize(answer);

    /// <summary>A plan of two tasks.</summary>
    public static string Plan() => Json(new
    {
        summary = "Describe it, then test it.",
        tasks = new[] { Task("T1", "Describe the thing", "BackendDeveloper"), Task("T2", "Design its tests", "Tester", "T1") },
        complexity = 2,
        risks = Array.Empty<string>(),
    });

    /// <summary>A plan of tasks that need not wait for one another, for roles in turn.</summary>
    public static string Plan(params string[] ids) => Json(new
    {
        summary = "All at once.", tasks = ids.Select((id, i) => Task(id, $"Task {id}", i % 2 == 0 ? "BackendDeveloper" : "Tester")), complexity = 2, risks = Array.Empty<string>(),
    });

    /// <summary>An approving review.</summary>
    public static string Review() => Json(new { verdict = "Approved", reasons = Array.Empty<string>() });

    /// <summary>An approving verification.</summary>
    public static string Verification() => Json(new
    {
        verdict = "Approved", summary = "All is there.", criteria = new[] { new { criterion = Criterion, met = true, detail = "Described in T1.", taskId = (string?)null } },
    });

    private static object Task(string id, string title, string role, params string[] after) => new
    {
        id, title, role, description = "Do it.", acceptanceCriteria = new[] { Criterion }, dependsOn = after, estimate = new { hours = 2, confidence = "Medium" },
    };
}
