using System.Text.Json.Serialization;

namespace AgentSquad.Functions.Run;

/// <summary>What an event from the inbox means to the run, judged by an activity.</summary>
/// <param name="DeliveryId">The event.</param>
/// <param name="Kind">What it means.</param>
internal sealed record Signal(
    string DeliveryId, [property: JsonConverter(typeof(JsonStringEnumConverter<SignalKind>))] SignalKind Kind);

/// <summary>What an event means to a run.</summary>
internal enum SignalKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The ticket was deleted.</summary>
    TicketDeleted,
}

/// <summary>What the inbox held.</summary>
/// <param name="Signals">Oldest first.</param>
/// <param name="HasMore">Whether there is more to read.</param>
internal sealed record InboxCard(IReadOnlyList<Signal> Signals, bool HasMore);
