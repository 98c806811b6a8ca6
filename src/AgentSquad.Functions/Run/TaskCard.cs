using System.Text.Json.Serialization;
using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;

namespace AgentSquad.Functions.Run;

/// <summary>One task as the run keeps track of it; the task itself is in the plan's artifact.</summary>
internal sealed record TaskCard : IGraphTask
{
    /// <summary>Id within the plan.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Who does it.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<SquadRole>))]
    public required SquadRole Role { get; init; }

    /// <summary>Ids of the tasks that come first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Where it stands.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<TaskState>))]
    public TaskState State { get; init; }

    /// <summary>1 for the first time; one more each time verification or a person sends it back.</summary>
    public int Pass { get; init; } = 1;

    /// <summary>How often it went on with the same pass after its budget was used up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Resumed { get; init; }

    /// <summary>Artifact of its last output.</summary>
    public string? OutputStep { get; init; }

    /// <summary>Why a person has to decide about it.</summary>
    public string? Problem { get; init; }

    /// <summary>What a person asked for when sending it back.</summary>
    public string? Request { get; init; }

    /// <summary>What only a person can answer; null when nothing is open.</summary>
    public QuestionCard? Question { get; init; }

    /// <summary>Id of the sub-task on the board; null when there is none.</summary>
    public string? Subtask { get; init; }

    /// <summary>Name of the status that the sub-task was last moved to.</summary>
    public string? Shown { get; init; }
}
