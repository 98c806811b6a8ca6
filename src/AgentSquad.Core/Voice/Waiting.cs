namespace AgentSquad.Core.Voice;

/// <summary>Whom a run waits for.</summary>
/// <param name="Whom">A person's name, or words such as <c>the reporter</c>.</param>
/// <param name="What">What for, a clause such as <c>answers to 3 questions</c>.</param>
/// <param name="Since">Since when.</param>
public sealed record Waiting(string Whom, string What, DateTimeOffset Since);
