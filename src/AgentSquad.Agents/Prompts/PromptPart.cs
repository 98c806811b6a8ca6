namespace AgentSquad.Agents.Prompts;

/// <summary>A part of a prompt: text of others, with its place in line when there is too much of it.</summary>
/// <param name="Source">What it is, in our own words.</param>
/// <param name="Text">The text.</param>
/// <param name="Priority">1 is kept longest.</param>
internal sealed record PromptPart(string Source, string Text, int Priority);
