namespace AgentSquad.Cli.Poison;

/// <summary>An event that the function app gave up on.</summary>
/// <param name="Id">Id of the queue message.</param>
/// <param name="Inserted">When it was given up.</param>
/// <param name="Text">What it says, decoded.</param>
internal sealed record PoisonMessage(string Id, DateTimeOffset? Inserted, string Text);
