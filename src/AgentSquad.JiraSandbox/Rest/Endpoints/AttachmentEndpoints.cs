using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Attachments, both ways.</summary>
internal static class AttachmentEndpoints
{
    /// <summary>Maps the attachment resources.</summary>
    public static void MapAttachments(this RouteGroupBuilder group)
    {
        group.MapPost("/issue/{idOrKey}/attachments", async (string idOrKey, RestCall call) => Answers.Json(await AddAsync(call, call.Actions.Issue(idOrKey))));
        group.MapGet("/attachment/meta", () => Answers.Json(new JsonObject { ["enabled"] = true, ["uploadLimit"] = SiteActions.AttachmentLimit }));
        group.MapGet("/attachment/{id}", (string id, RestCall call) => Answers.Json(Metadata(call, call.Actions.Attachment(id).Attachment)));
        group.MapDelete("/attachment/{id}", (string id, RestCall call) =>
        {
            call.Actions.Detach(id);
            return Answers.NoContent();
        });
        group.MapGet("/attachment/content/{id}", (string id, RestCall call) =>
        {
            var file = call.Actions.Attachment(id).Attachment;

            // Cloud sends the reader on to its media store, which wants no login.
            return call.Query("redirect") == "false"
                ? Results.File(file.Content, file.MimeType, file.FileName, enableRangeProcessing: true)
                : new SeeOther($"{call.View.BaseUrl}/files/{file.Id}");
        });
    }

    /// <summary>Maps the download address of Data Center.</summary>
    public static void MapAttachmentDownload(this WebApplication app) =>
        app.MapGet("/secure/attachment/{id}/{name}", (string id, string name, RestCall call) =>
        {
            var file = call.Actions.Attachment(id).Attachment;
            return Results.File(file.Content, file.MimeType, file.FileName, enableRangeProcessing: true);
        }).AddEndpointFilter(RestApi.InsideTheGateAsync);

    private static async Task<JsonArray> AddAsync(RestCall call, SiteIssue issue)
    {
        if (!call.Http.Request.Headers["X-Atlassian-Token"].ToString().Equals("no-check", StringComparison.OrdinalIgnoreCase))
            throw JiraRefusal.Forbidden("XSRF check failed");
        if (!call.Http.Request.HasFormContentType) throw new JiraRefusal("The request has to be multipart/form-data.") { Status = StatusCodes.Status415UnsupportedMediaType };
        var form = await call.Http.Request.ReadFormAsync();
        var files = form.Files.GetFiles("file");
        if (files.Count == 0) throw new JiraRefusal("No file was sent; the part has to be named 'file'.");
        var added = new JsonArray();
        foreach (var file in files)
        {
            using var content = new MemoryStream();
            await file.CopyToAsync(content);
            var type = string.IsNullOrEmpty(file.ContentType) ? "application/octet-stream" : file.ContentType;
            added.Add(FieldShapes.Attachment(call.View, call.Actions.Attach(issue, file.FileName, type, content.ToArray())));
        }

        return added;
    }

    // The same file is described with a number for its id when it is asked for by itself.
    private static JsonObject Metadata(RestCall call, SiteAttachment attachment)
    {
        var shape = FieldShapes.Attachment(call.View, attachment);
        if (call.View.IsCloud) shape["id"] = long.Parse(attachment.Id);
        return shape;
    }

    private sealed class SeeOther(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
