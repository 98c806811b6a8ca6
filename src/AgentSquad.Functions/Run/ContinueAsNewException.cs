namespace AgentSquad.Functions.Run;

/// <summary>The run goes on with a fresh history; its state says where.</summary>
internal sealed class ContinueAsNewException : Exception
{
    public ContinueAsNewException() { }

    public ContinueAsNewException(string message) : base(message) { }

    public ContinueAsNewException(string message, Exception innerException) : base(message, innerException) { }
}
