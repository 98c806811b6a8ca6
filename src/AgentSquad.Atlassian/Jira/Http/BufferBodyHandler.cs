namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>
/// Reads the whole answer before it leaves the resilience pipeline, so that a connection lost half way through a body counts as a failed
/// attempt and not as a broken answer, and so that no answer grows without bound.
/// </summary>
internal sealed class BufferBodyHandler : DelegatingHandler
{
    /// <summary>Attachments are read here too; Jira's own default limit for them is 10 MB, Cloud's 1 GB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
