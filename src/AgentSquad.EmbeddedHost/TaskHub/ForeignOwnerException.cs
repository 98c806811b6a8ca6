namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>A task hub or queue belongs to another kind of host; the message says to which, and how to hand it over.</summary>
internal sealed class ForeignOwnerException(string message) : Exception(message);
