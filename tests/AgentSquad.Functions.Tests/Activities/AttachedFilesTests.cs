using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

public sealed class AttachedFilesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Mock<IJiraSite> _jira = new();
    private readonly List<TicketAttachment> _attachments = [];

    [Theory]
    [InlineData("notes.txt", "text/plain", "hello", "hello")]
    [InlineData("notes.txt", "application/octet-stream", "hello", "hello")]
    [InlineData("data", "application/vnd.api+json; charset=utf-8", "{}", "{}")]
    [InlineData("data", "application/json", "{}", "{}")]
    [InlineData("picture.png", "image/png", "hello", null)]
    [InlineData("picture.svg", "image/svg+xml", "<svg/>", null)]
    [InlineData("tool.exe", "application/octet-stream", "MZ", null)]
    [InlineData("notes.txt", "text/plain", "a\0b", null)]
    [InlineData("notes.txt", "text/plain", "", null)]
    public async Task Read_ByTypeAndContent_IsTextOrNotShown(string name, string type, string content, string? text)
    {
        Attach(name, Encoding.UTF8.GetBytes(content), type);
        Assert.Equal([new TicketFile(name, text)], await ReadAsync());
    }

    [Fact]
    public async Task Read_OtherEncodings_AreReadOrNotShown()
    {
        Attach("utf16.txt", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Grüße")], "text/plain");
        Attach("latin1.txt", Encoding.Latin1.GetBytes("Grüße"), "text/plain");
        Attach("bom.txt", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("Grüße")], "text/plain");
        Assert.Equal([new("utf16.txt", "Grüße"), new("latin1.txt", null), new TicketFile("bom.txt", "Grüße")], await ReadAsync());
    }

    [Fact]
    public async Task Read_TooMuch_IsBoundedAndTheNewestComeFirst()
    {
        Attach("huge.txt", new byte[AttachedFiles.LargestFile + 1], "text/plain");
        for (var i = 0; i < AttachedFiles.MostFiles + 5; i++) Attach($"{i}.txt", Encoding.UTF8.GetBytes(new string('x', AttachedFiles.LongestText + 1)), "text/plain");

        var files = await ReadAsync();

        Assert.Equal(AttachedFiles.MostFiles, files.Count);
        Assert.Equal($"{AttachedFiles.MostFiles + 4}.txt", files[^1].Name);
        Assert.Equal(AttachedFiles.LongestText, files[^1].Text!.Length);
        Assert.Equal(AttachedFiles.LongestTogether, files.Sum(file => file.Text?.Length ?? 0));
        _jira.Verify(jira => jira.DownloadAttachmentAsync(It.Is<TicketAttachment>(file => file.FileName == "huge.txt"), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task Read_FilesOfRestrictedComments_AreNeitherReadNorNamed()
    {
        Attach("salaries.csv", "1,2"u8.ToArray(), "text/csv", Noon.AddDays(-3));
        Attach("with_under_scores.csv", "1,2"u8.ToArray(), "text/csv", Noon.AddDays(-2));
        Attach("unnamed.csv", "1,2"u8.ToArray(), "text/csv", Noon.AddMinutes(-5));
        Attach("later.csv", "1,2"u8.ToArray(), "text/csv", Noon.AddMinutes(5));
        var (ben, rita) = (new Person("ben", "Ben"), new Person("rita", "Rita"));
        _attachments[2] = _attachments[2] with { Author = ben };
        Attach("of-rita.csv", "1,2"u8.ToArray(), "text/csv", Noon.AddMinutes(-4));
        _attachments[4] = _attachments[4] with { Author = rita };
        _jira.Setup(jira => jira.DownloadAttachmentAsync(_attachments[4], It.IsAny<CancellationToken>())).ReturnsAsync("1,2"u8.ToArray());
        TicketComment[] restricted = [new("1", ben, "See Salaries.csv and with\\_under\\_scores.csv", Noon, Noon, null, new CommentVisibility("role", "Administrators"))];

        Assert.Equal(["of-rita.csv", "later.csv"], (await ReadAsync(restricted)).Select(file => file.Name));
        _jira.Verify(jira => jira.DownloadAttachmentAsync(It.IsAny<TicketAttachment>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    [Fact]
    public async Task Read_OwnFiles_AreLeftOut()
    {
        var own = "# T1\n\nDone.\n"u8.ToArray();
        Attach($"T1-do-it-{Convert.ToHexStringLower(SHA256.HashData(own))[..8]}.md", own, "text/markdown");
        Attach("T1-do-it-01234567.md", own, "text/markdown");
        Assert.Equal(["T1-do-it-01234567.md"], (await ReadAsync()).Select(file => file.Name));
    }

    [Fact]
    public async Task Read_SiteRefuses_GoesOnWithoutAndSitsAnOutageOut()
    {
        var refused = new JiraException("No.") { StatusCode = HttpStatusCode.Forbidden };
        Attach("notes.txt", "x"u8.ToArray(), "text/plain");
        _jira.Setup(jira => jira.DownloadAttachmentAsync(It.IsAny<TicketAttachment>(), It.IsAny<CancellationToken>())).ThrowsAsync(refused);
        Assert.Equal([new TicketFile("notes.txt", null)], await ReadAsync());
        _jira.Setup(jira => jira.GetAttachmentsAsync("10", It.IsAny<CancellationToken>())).ThrowsAsync(refused);
        Assert.Empty(await Files().ReadAsync("10", [], default));
        _jira.Setup(jira => jira.GetAttachmentsAsync("10", It.IsAny<CancellationToken>())).ThrowsAsync(new JiraException("Later.") { IsTransient = true });
        await Assert.ThrowsAsync<JiraException>(() => Files().ReadAsync("10", [], default));
    }

    private void Attach(string name, byte[] content, string type, DateTimeOffset? created = null)
    {
        var attachment = new TicketAttachment($"{_attachments.Count}", name, content.Length, type, created ?? Noon.AddHours(_attachments.Count));
        _attachments.Add(attachment);
        _jira.Setup(jira => jira.DownloadAttachmentAsync(attachment, It.IsAny<CancellationToken>())).ReturnsAsync(content);
    }

    private Task<IReadOnlyList<TicketFile>> ReadAsync(params TicketComment[] restricted)
    {
        _jira.Setup(jira => jira.GetAttachmentsAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(_attachments);
        return Files().ReadAsync("10", restricted, default);
    }

    private AttachedFiles Files() => new(_jira.Object, NullLogger<AttachedFiles>.Instance);
}
