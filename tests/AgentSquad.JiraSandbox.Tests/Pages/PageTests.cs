using System.Net;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Pages;
using AgentSquad.JiraSandbox.Tests.Support;
using CsCheck;

namespace AgentSquad.JiraSandbox.Tests.Pages;

/// <summary>The pages as text; <see cref="BrowserTests"/> looks at them in a browser.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Ticket_HostileText_IsEncodedEverywhere()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync("<script>alert(1)</script>", "<b>");
        await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", JsonNode.Parse(
            """
            {"body":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[
              {"type":"text","text":"<img onerror=x>","marks":[{"type":"link","attrs":{"href":"javascript:alert(1)"}}]},
              {"type":"text","text":"fine","marks":[{"type":"link","attrs":{"href":"https://example.invalid/?a=1&b=\"2\""}}]}]}]}}
            """));

        var board = (await sandbox.Nobody.ReadAsync("/")).Body;
        var ticket = (await sandbox.Nobody.ReadAsync($"/browse/{key}")).Body;

        Assert.Contains("&lt;script&gt;alert(1)", board, StringComparison.Ordinal);
        foreach (var page in (string[])[board, ticket])
        {
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img onerror", page, StringComparison.Ordinal);
            Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
        }

        Assert.Contains("href=\"https://example.invalid/?a=1&amp;b=&quot;2&quot;\"", ticket, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_Answers_ForbidEverythingFromOutside()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var answer = await sandbox.Nobody.ReadAsync("/");

        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("http", answer.Body.Replace(sandbox.Url, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(404, (await sandbox.Nobody.ReadAsync("/browse/TEST-99")).Status);
    }

    [Fact]
    public async Task Form_FromAnotherSite_IsRefused()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/browse/{key}/comment");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = new FormUrlEncodedContent([new("account", "sandbox-rita"), new("text", "x")]);

        using var response = await sandbox.Nobody.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/", "attacker.invalid")]
    [InlineData("/sandbox/requests", "attacker.invalid")]
    [InlineData("/events", "attacker.invalid:8085")]
    public async Task Page_UnderAForeignName_IsRefused(string path, string host)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;

        using var response = await sandbox.Nobody.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Admin_FromAPageOfAnotherSite_IsRefused()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sandbox/webhook");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = new StringContent("""{"url":"http://attacker.invalid/"}""");

        using var response = await sandbox.Nobody.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("https://example.invalid/", true)]
    [InlineData("HTTP://example.invalid/", true)]
    [InlineData("mailto:rita@example.invalid", true)]
    [InlineData("/browse/TEST-1", true)]
    [InlineData("#comment-1", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData(" javascript:alert(1)", false)]
    [InlineData("java\nscript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("vbscript:x", false)]
    [InlineData("//evil.invalid", false)]
    [InlineData("/\\evil.invalid", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("", false)]
    public void Links_ByTarget_AreTakenOrRefused(string href, bool expected) => Assert.Equal(expected, AdfHtml.IsHarmless(href));

    [Fact]
    public void Html_AnyTextInAHole_NeverBecomesMarkup() => Gen.String.Sample(
        text =>
        {
            var html = Html.Of($"<p title=\"{text}\">{text}</p>").ToString();
            var inner = html["<p title=\"".Length..^"</p>".Length];
            return !inner.Replace("\">", "", StringComparison.Ordinal).Contains('<', StringComparison.Ordinal)
                && inner.Split('"').Length == 2 && WebUtility.HtmlDecode(inner.Split("\">")[0]) == Readable(text);
        },
        iter: 2_000);

    // A lone half of a surrogate pair is no text; the encoder writes the replacement character.
    private static string Readable(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
