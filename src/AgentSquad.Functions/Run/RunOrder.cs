using System.Text.Json.Serialization;

namespace AgentSquad.Functions.Run;

/// <summary>What a run tells its tasks and agents. The order is stored; an event only tells a task to look.</summary>
internal enum RunOrder
{
    /// <summary>Go on with the work.</summary>
    GoOn,

    /// <summary>Begin nothing new.</summary>
    Hold,

    /// <summary>End; agents at work are cancelled.</summary>
    Stop,
}

/// <summary>An order as it is stored.</summary>
internal sealed record OrderCard([property: JsonConverter(typeof(JsonStringEnumConverter<RunOrder>))] RunOrder Order);
