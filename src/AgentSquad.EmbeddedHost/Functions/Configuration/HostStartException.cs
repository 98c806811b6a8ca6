namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>
/// The host cannot start, for a reason that the person who starts it can remove. The message says what is wrong and how to fix it; the host
/// prints it without a stack trace and exits with code 1.
/// </summary>
internal sealed class HostStartException(string message, Exception? innerException = null) : Exception(message, innerException);
