using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>
/// Sees every answer as it comes. Notes when a site asks to be left alone, and reads the whole answer before it leaves the resilience pipeline, so that a connection lost half way through a body counts as a failed
/// attempt and not as a broken answer, and so that no answer grows without bound.
/// </summary>
internal sealed class BufferBodyHandler(SitePauses pauses, IOptions<JiraOptions> options) : DelegatingHandler
{
    /// <summary>Attachments are read here too; Jira's own default limit for them is 10 MB, Cloud's 1 GB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        pauses.Note(JiraPipeline.SiteOf(request), response, options.Value.MaxRetryAfter);
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
