namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>A management request is refused.</summary>
/// <param name="status">HTTP status of the answer.</param>
/// <param name="message">For the caller.</param>
internal sealed class ManagementException(int status, string message) : Exception(message)
{
    public int Status => status;
}
