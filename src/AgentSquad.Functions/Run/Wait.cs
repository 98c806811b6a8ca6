using System.Text.Json.Serialization;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Voice;

namespace AgentSquad.Functions.Run;

/// <summary>A wait for people; kept in the run's state, so that it goes on when the run continues as new.</summary>
/// <param name="Topic">What the wait is about, part of the keys of its comments, such as <c>question/1</c>.</param>
/// <param name="Whom">A person's name, or words such as <c>the reporter</c>.</param>
/// <param name="What">What for, a clause such as <c>answers to 3 questions</c>.</param>
/// <param name="Asked">Since when.</param>
/// <param name="Done">How many reminders and escalations were written.</param>
/// <param name="Needs">Whether a command decides; otherwise any answer or edit ends the wait.</param>
/// <param name="Fingerprint">Tells whether the same would be asked again.</param>
internal sealed record Wait(string Topic, string Whom, string What, DateTimeOffset Asked, int Done, bool Needs, string Fingerprint = "")
{
    /// <summary>Whether somebody was told that what they wrote cannot be read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasUnread { get; init; }

    /// <summary>Before this nobody gives up, because people were reminded late; null when nothing was late.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How many reminders were written instead of giving up late.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Further { get; init; }

    /// <summary>When the wait is given up.</summary>
    public DateTimeOffset GiveUpAt(ReminderOptions times) => NotBefore is { } early && early > Asked + times.GiveUpAfter ? early : Asked + times.GiveUpAfter;

    /// <summary>As the status comment shows it.</summary>
    public Waiting ToWaiting() => new(Whom, What, Asked);
}

/// <summary>What a person decided.</summary>
/// <param name="Command"><see cref="CommandKind.Approve"/> or <see cref="CommandKind.Revise"/>.</param>
/// <param name="By">Who, with the right that was used.</param>
/// <param name="Reason">The text after <c>revise</c>.</param>
internal sealed record Decision(
    [property: JsonConverter(typeof(JsonStringEnumConverter<CommandKind>))] CommandKind Command, string By, string? Reason);

/// <summary>Questions that are open on the ticket.</summary>
/// <param name="Number">How many.</param>
/// <param name="Fingerprint">Tells whether the same is asked again.</param>
/// <param name="Reporter">Name of whom they are asked of.</param>
internal sealed record Questions(int Number, string Fingerprint, string Reporter);
