using System.Text.Json.Nodes;

namespace AgentSquad.JiraSandbox.Rest;

/// <summary>A request that Jira would refuse: status and the body <c>{"errorMessages":[],"errors":{}}</c>.</summary>
internal sealed class JiraRefusal : Exception
{
    /// <summary>Creates a refusal.</summary>
    public JiraRefusal() { }

    /// <summary>Creates a refusal with a message, status 400.</summary>
    public JiraRefusal(string message) : base(message) { }

    /// <summary>Creates a refusal with a message and a cause, status 400.</summary>
    public JiraRefusal(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Status to answer.</summary>
    public int Status { get; init; } = StatusCodes.Status400BadRequest;

    /// <summary>Name of the field that is at fault; null puts the message into <c>errorMessages</c>.</summary>
    public string? Field { get; init; }

    /// <summary>More fields at fault with their messages.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>The ticket is not there, or the account may not see it: Jira does not tell which.</summary>
    public static JiraRefusal NoIssue() =>
        new("Issue does not exist or you do not have permission to see it.") { Status = StatusCodes.Status404NotFound };

    /// <summary>Something else is not there.</summary>
    public static JiraRefusal NotFound(string message) => new(message) { Status = StatusCodes.Status404NotFound };

    /// <summary>The account may not do this.</summary>
    public static JiraRefusal Forbidden(string message) => new(message) { Status = StatusCodes.Status403Forbidden };

    /// <summary>A field has a wrong value.</summary>
    public static JiraRefusal WrongField(string field, string message) => new(message) { Field = field };

    /// <summary>The body that Jira answers.</summary>
    public JsonObject ToBody()
    {
        var errors = new JsonObject();
        foreach (var (field, message) in Fields) errors[field] = message;
        if (Field is not null) errors[Field] = Message;
        var messages = Field is null && Fields.Count == 0 ? new JsonArray(Message) : [];
        return new JsonObject { ["errorMessages"] = messages, ["errors"] = errors };
    }
}
