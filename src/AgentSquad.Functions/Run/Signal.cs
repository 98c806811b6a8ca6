using System.Text.Json.Serialization;
using AgentSquad.Core.Commands;

namespace AgentSquad.Functions.Run;

/// <summary>What an event from the inbox means to the run, judged by an activity that has read the site.</summary>
/// <param name="DeliveryId">The event.</param>
/// <param name="Kind">What it means.</param>
internal sealed record Signal(
    string DeliveryId, [property: JsonConverter(typeof(JsonStringEnumConverter<SignalKind>))] SignalKind Kind)
{
    /// <summary>The comment that it is about.</summary>
    public string? CommentId { get; init; }

    /// <summary>The command, for <see cref="SignalKind.Command"/>.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<CommandKind>))]
    public CommandKind Command { get; init; }

    /// <summary>The text after <c>revise</c>; why the ticket was taken away; what is wrong with a command.</summary>
    public string? Text { get; init; }

    /// <summary>The amount after <c>extend</c>.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Who, with the right that was used, such as <c>Rita (reporter)</c>.</summary>
    public string By { get; init; } = "";

    /// <summary>Why the person may not give the command; null when they may.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What an event means to a run.</summary>
internal enum SignalKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The ticket was deleted.</summary>
    TicketDeleted,

    /// <summary>A person wrote something.</summary>
    Note,

    /// <summary>What the ticket asks for was edited.</summary>
    Edited,

    /// <summary>A person gave a command.</summary>
    Command,

    /// <summary>A person tried to give a command.</summary>
    InvalidCommand,

    /// <summary>The ticket was taken away: the run has to end.</summary>
    StopWithdrawn,

    /// <summary>The ticket was taken away: the run has to wait.</summary>
    PauseWithdrawn,

    /// <summary>A person wrote something that only some may read; the squad does not read it.</summary>
    Unread,
}

/// <summary>What the inbox held.</summary>
/// <param name="Signals">Oldest first.</param>
/// <param name="HasMore">Whether there is more to read.</param>
internal sealed record InboxCard(IReadOnlyList<Signal> Signals, bool HasMore)
{
    /// <summary>Delivery ids of all events that were read, those that mean nothing included.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];
}
