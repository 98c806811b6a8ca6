using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Tickets;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Activities;

/// <summary>
/// Reads the files on a ticket for agents: text only, a bounded amount of it, and nothing that only a few may read. What the squad attached itself
/// is no news to it.
/// </summary>
internal sealed partial class AttachedFiles(IJiraSite jira, ILogger<AttachedFiles> logger)
{
    /// <summary>Most bytes of a file that is read at all.</summary>
    internal const int LargestFile = 256 * 1024;

    /// <summary>Most characters of one file.</summary>
    internal const int LongestText = 20_000;

    /// <summary>Most characters of all files together; the newest have precedence.</summary>
    internal const int LongestTogether = 60_000;

    /// <summary>Most files, the newest of them.</summary>
    internal const int MostFiles = 20;

    private const int LongestName = 200;

    // A file is there before the comment that shows it; Jira keeps no other trace of which comment that is.
    private static readonly TimeSpan BeforeComment = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterComment = TimeSpan.FromMinutes(1);

    private static readonly HashSet<string> TextEndings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".md", ".markdown", ".adoc", ".rst", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".toml", ".ini", ".conf", ".config", ".properties", ".log", ".sql",
        ".feature", ".diff", ".patch", ".html", ".htm",
    };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads them, oldest first.</summary>
    /// <param name="issueId">The ticket.</param>
    /// <param name="restricted">Comments that not everyone may read: files that came with them are not read, and not named.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="JiraException">The site does not answer; <see cref="JiraException.IsTransient"/> is set. What it refuses is left out.</exception>
    public async Task<IReadOnlyList<TicketFile>> ReadAsync(string issueId, IReadOnlyList<TicketComment> restricted, CancellationToken cancellationToken)
    {
        var files = new List<TicketFile>();
        var left = LongestTogether;
        foreach (var attachment in (await ListAsync(issueId, cancellationToken)).Where(file => !IsOfAny(restricted, file)).OrderByDescending(file => file.Created).Take(MostFiles))
        {
            var content = IsText(attachment) && attachment.Size is > 0 and <= LargestFile ? await DownloadAsync(attachment, cancellationToken) : null;
            if (content is not null && IsOwn(attachment.FileName, content)) continue;
            var text = content is null ? null : Cut(Decode(content), Math.Min(left, LongestText));
            left -= text?.Length ?? 0;
            files.Add(new TicketFile(Cut(attachment.FileName, LongestName)!, text));
        }

        files.Reverse();
        return files;
    }

    private async Task<IReadOnlyList<TicketAttachment>> ListAsync(string issueId, CancellationToken cancellationToken)
    {
        try
        {
            return await jira.GetAttachmentsAsync(issueId, cancellationToken);
        }
        catch (JiraException e) when (!e.IsTransient)
        {
            logger.LogWarning(e, "The files on ticket {IssueId} could not be listed; the squad works without them.", issueId);
            return [];
        }
    }

    private async Task<byte[]?> DownloadAsync(TicketAttachment attachment, CancellationToken cancellationToken)
    {
        try
        {
            var content = await jira.DownloadAttachmentAsync(attachment, cancellationToken);
            return content.Length <= LargestFile ? content : null;
        }
        catch (JiraException e) when (!e.IsTransient)
        {
            // Deleted meanwhile, or not for the squad's account.
            logger.LogWarning(e, "The file {AttachmentId} could not be read; the squad works without it.", attachment.Id);
            return null;
        }
    }

    private static bool IsText(TicketAttachment attachment) =>
        attachment.MimeType is { } type && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || TextTypes().IsMatch(type))
        || TextEndings.Contains(Path.GetExtension(attachment.FileName));

    // By name where the comment shows it, and by time, because what a comment shows may have lost its name.
    private static bool IsOfAny(IReadOnlyList<TicketComment> restricted, TicketAttachment file) => restricted.Any(comment =>
        comment.Text.Contains(file.FileName, StringComparison.OrdinalIgnoreCase)
        || comment.Text.Replace("\\", "", StringComparison.Ordinal).Contains(file.FileName, StringComparison.OrdinalIgnoreCase)
        || (IsOfOne(file.Author, comment.Author) && file.Created >= comment.Created - BeforeComment && file.Created <= comment.Created + AfterComment));

    private static bool IsOfOne(Person? one, Person? other) => one is null || other is null || one.AccountId == other.AccountId;

    // The squad's files carry the hash of their content in their names.
    private static bool IsOwn(string name, byte[] content) =>
        Hashed().Match(name) is { Success: true } match && match.Groups[1].Value == Convert.ToHexStringLower(SHA256.HashData(content))[..8];

    private static string? Decode(byte[] content)
    {
        try
        {
            var text = content switch
            {
                [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(content, 2, content.Length - 2),
                [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(content, 2, content.Length - 2),
                [0xEF, 0xBB, 0xBF, ..] => StrictUtf8.GetString(content, 3, content.Length - 3),
                _ => StrictUtf8.GetString(content),
            };
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? Cut(string? text, int length)
    {
        if (text is null || text.Length <= length) return text;
        var end = length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return end <= 0 ? null : text[..end];
    }

    [GeneratedRegex(@"^application/(json|xml|yaml|x-yaml|toml|sql|([a-z0-9.-]+\+(json|xml|yaml)))(;|$)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex TextTypes();

    [GeneratedRegex(@"-([0-9a-f]{8})\.[A-Za-z0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Hashed();
}
