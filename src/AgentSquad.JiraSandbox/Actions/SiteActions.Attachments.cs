using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>Attachments.</summary>
internal sealed partial class SiteActions
{
    /// <summary>Largest attachment in bytes, Jira's default.</summary>
    public const int AttachmentLimit = 10 * 1024 * 1024;

    /// <summary>Attaches a file.</summary>
    public SiteAttachment Attach(SiteIssue issue, string fileName, string mimeType, byte[] content)
    {
        Demand("CREATE_ATTACHMENTS", "You do not have permission to create attachments for this issue.");
        if (content.Length > AttachmentLimit)
            throw new JiraRefusal($"The file is {content.Length} bytes long, more than the limit of {AttachmentLimit}.") { Status = StatusCodes.Status413PayloadTooLarge };
        var attachment = new SiteAttachment
        {
            Id = Site.NextId(), FileName = Path.GetFileName(fileName.Replace('\\', '/')), MimeType = mimeType, AuthorId = actor.AccountId, Created = Now, Content = content,
        };
        issue.Attachments.Add(attachment);
        Record(issue, [new("Attachment", "attachment", null, null, attachment.Id, attachment.FileName)]);
        Announce(issue, Payloads.Attachment("attachment_created", attachment));
        return attachment;
    }

    /// <summary>An attachment with its ticket, when the actor may see it.</summary>
    public (SiteIssue Issue, SiteAttachment Attachment) Attachment(string id)
    {
        foreach (var issue in Site.Issues)
        {
            if (issue.Attachments.Find(attachment => attachment.Id == id) is { } attachment && Permissions.MaySee(Site, actor, issue))
                return (issue, attachment);
        }

        throw JiraRefusal.NotFound($"The attachment with id '{id}' does not exist");
    }

    /// <summary>Removes an attachment of one's own.</summary>
    public void Detach(string id)
    {
        var (issue, attachment) = Attachment(id);
        if (attachment.AuthorId != actor.AccountId || !Permissions.Has(Site, actor, "DELETE_OWN_ATTACHMENTS"))
            throw JiraRefusal.Forbidden($"You do not have permission to delete attachment with id: {id}");
        issue.Attachments.Remove(attachment);
        Record(issue, [new("Attachment", "attachment", attachment.Id, attachment.FileName, null, null)]);
        Announce(issue, Payloads.Attachment("attachment_deleted", attachment));
    }
}
