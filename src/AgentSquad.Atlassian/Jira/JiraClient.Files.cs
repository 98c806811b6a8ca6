using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Webhooks;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    public async Task<IReadOnlyList<TicketAttachment>> GetAttachmentsAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await ReadIssueAsync(issueIdOrKey, "attachment", cancellationToken);
        return [.. answer.RootElement.ObjectChild("fields")?.Items("attachment").Select(AttachmentOf) ?? []];
    }

    public async Task<TicketAttachment> AddAttachmentAsync(
        string issueIdOrKey, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var what = $"Attaching {fileName} to ticket {issueIdOrKey}";
        var request = http.Request(HttpMethod.Post, $"{_api}/issue/{issueIdOrKey}/attachments");
        request.Headers.Add("X-Atlassian-Token", "no-check");
        using var file = new ReadOnlyMemoryContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "file", fileName } };
        request.Content = form;
        using var response = await http.SendAsync(request, what, cancellationToken);
        return FirstOf(await response.Content.ReadAsByteArrayAsync(cancellationToken))
            ?? throw new JiraException($"{what} failed: the site answered without the file.") { OutcomeUnknown = true };
    }

    public async Task<byte[]> DownloadAttachmentAsync(TicketAttachment attachment, CancellationToken cancellationToken)
    {
        // The address in the attachment's own data is not used: nothing that a site sends decides where credentials go.
        var request = dialect.SearchesByToken
            ? http.Request(HttpMethod.Get, $"{_api}/attachment/content/{attachment.Id}?redirect=false")
            : http.Request(HttpMethod.Get, $"/secure/attachment/{attachment.Id}/{attachment.FileName}");
        request.Headers.Accept.Clear();
        using var response = await http.SendAsync(request, $"Reading the file {attachment.FileName}", cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public Task DeleteAttachmentAsync(string attachmentId, CancellationToken cancellationToken) =>
        DeleteAsync($"{_api}/attachment/{attachmentId}", $"Deleting attachment {attachmentId}", cancellationToken);

    public async Task<JsonNode?> GetPropertyAsync(string issueIdOrKey, string propertyKey, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(
                $"{_api}/issue/{issueIdOrKey}/properties/{propertyKey}", $"Reading a property of ticket {issueIdOrKey}", cancellationToken);
            return answer.RootElement.Child("value") is { } value ? JsonNode.Parse(value.GetRawText()) : null;
        }
        catch (JiraException error) when (error.Failure == JiraFailure.NotFound)
        {
            return null;
        }
    }

    public Task SetPropertyAsync(string issueIdOrKey, string propertyKey, JsonNode value, CancellationToken cancellationToken) => http.SendAsync(
        HttpMethod.Put, $"{_api}/issue/{issueIdOrKey}/properties/{propertyKey}", value, $"Setting a property of ticket {issueIdOrKey}", cancellationToken);

    public Task DeletePropertyAsync(string issueIdOrKey, string propertyKey, CancellationToken cancellationToken) =>
        DeleteAsync($"{_api}/issue/{issueIdOrKey}/properties/{propertyKey}", $"Deleting a property of ticket {issueIdOrKey}", cancellationToken);

    private static TicketAttachment? FirstOf(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Array && answer.RootElement.GetArrayLength() > 0 ? AttachmentOf(answer.RootElement[0]) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TicketAttachment AttachmentOf(JsonElement attachment) => new(
        attachment.Text("id") ?? "",
        attachment.Text("filename") ?? "",
        attachment.Whole("size") ?? 0,
        attachment.Text("mimeType"),
        JiraReading.TimeOf(attachment.Text("created")))
    {
        Author = PayloadReading.PersonOf(attachment.ObjectChild("author")),
    };
}
