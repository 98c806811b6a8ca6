namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>A function did not end within <c>functionTimeout</c>; it was told to cancel, then left alone, and what it may still return is dropped.</summary>
internal sealed class FunctionTimeoutException(string message) : TimeoutException(message);
