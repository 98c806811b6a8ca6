using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Tests.Confluence;

public sealed class ConfluenceClientTests : IAsyncDisposable
{
    private readonly PageSite _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task UpdatePage_SavedBySomebodyElseMeanwhile_ReadsAndSavesAgain()
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Confluence:BaseUrl", _site.Address));
        var confluence = jira.Get<IConfluenceClient>();
        var page = await confluence.CreatePageAsync(new ConfluenceSpace("7", "DOC", "Docs"), "Plan", "# One", null, default);
        _site.SavedMeanwhile = 2;

        var saved = await confluence.UpdatePageAsync(page.Id, "Plan", "# Two", default);

        Assert.Equal(4, saved.Version);
        Assert.Equal("# Two", (await confluence.GetPageAsync(page.Id, default))?.Markdown);
        Assert.Equal($"{_site.Address}/wiki/spaces/DOC/pages/11", saved.Url);
    }

    [Fact]
    public async Task UpdatePage_AlwaysSavedMeanwhile_GivesUpWithTheConflict()
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Confluence:BaseUrl", _site.Address));
        _site.SavedMeanwhile = 100;

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Get<IConfluenceClient>().UpdatePageAsync("11", "Plan", "x", default));

        Assert.Equal(JiraFailure.Conflict, error.Failure);
        Assert.Equal(4, _site.Count("PUT"));
    }

    [Fact]
    public async Task GetPage_Missing_IsNull()
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Confluence:BaseUrl", _site.Address));

        Assert.Null(await jira.Get<IConfluenceClient>().GetPageAsync("404", default));
    }

    [Fact]
    public async Task Options_SameHostAsJira_ShareItsAccount()
    {
        await using var jira = new JiraUnderTest("https://acme.atlassian.net", ("CONFLUENCE_URL", "https://acme.atlassian.net"));
        var options = jira.Get<IOptions<ConfluenceOptions>>().Value;

        Assert.Equal(("https://acme.atlassian.net/wiki", "bot@example.invalid", JiraUnderTest.Token), (options.Site, options.Email, options.ApiToken));
        Assert.DoesNotContain(JiraUnderTest.Token, options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_AnotherHostWithoutToken_AreRefused()
    {
        await using var jira = new JiraUnderTest("https://acme.atlassian.net", ("CONFLUENCE_URL", "https://elsewhere.example/wiki"));

        var error = Assert.Throws<OptionsValidationException>(() => jira.Get<IOptions<ConfluenceOptions>>().Value);

        Assert.Contains("Confluence__ApiToken", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p>Hello&nbsp;<strong>world</strong> &amp; co</p><ul><li>one</li><li><p>two</p></li></ul>", "Hello\u00a0**world** & co\n\n- one\n- two")]
    [InlineData("<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">sql</ac:parameter><ac:plain-text-body><![CDATA[select 1]]></ac:plain-text-body></ac:structured-macro>", "```sql\nselect 1\n```")]
    [InlineData("<ac:task-list>\n<ac:task>\n<ac:task-id>1</ac:task-id>\n<ac:task-status>complete</ac:task-status>\n<ac:task-body>done <strong>so</strong></ac:task-body>\n</ac:task>\n<ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body><p>open</p></ac:task-body></ac:task></ac:task-list>", "- [x] done **so**\n- [ ] open")]
    [InlineData("<ac:structured-macro ac:name=\"expand\"><ac:parameter ac:name=\"title\">More</ac:parameter><ac:rich-text-body><p>inside</p></ac:rich-text-body></ac:structured-macro>", "<details>\n<summary>More</summary>\n\ninside\n\n</details>")]
    [InlineData("<p><ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">OPEN</ac:parameter><ac:parameter ac:name=\"colour\">Green</ac:parameter></ac:structured-macro> by <ac:link><ri:user ri:userkey=\"8a7f\" /></ac:link></p>", "[OPEN](status:green) by [@8a7f](accountid:8a7f)")]
    [InlineData("<ac:structured-macro ac:name=\"warning\"><ac:rich-text-body><p>careful</p></ac:rich-text-body></ac:structured-macro>", "> [!WARNING]\n> careful")]
    [InlineData("<table><tbody><tr><th>a</th></tr><tr><td>1</td></tr></tbody></table>", "| a |\n| --- |\n| 1 |")]
    [InlineData("<p>broken <b>", "broken")]
    public void StorageReader_PageOfADataCenter_ReadsAsMarkdown(string storage, string markdown) =>
        Assert.Equal(markdown, AgentSquad.Atlassian.Adf.AdfMarkdown.ToMarkdown(StorageReader.Read(storage)).Replace("&#32;", "", StringComparison.Ordinal).Trim());

    /// <summary>One page, 11, that others save as well.</summary>
    private sealed class PageSite : FakeSite
    {
        private int _version = 1;
        private JsonNode? _value;

        public int SavedMeanwhile { get; set; }

        protected override Task AnswerAsync(HttpContext context, ReceivedRequest request)
        {
            if (request.Path.EndsWith("/404", StringComparison.Ordinal)) return WriteAsync(context, 404, new JsonObject());
            if (request.Method != "GET")
            {
                var body = JsonNode.Parse(request.Body)!;
                if (request.Method == "PUT" && SavedMeanwhile-- > 0) _version++;
                if (request.Method == "PUT" && body["version"]!["number"]!.GetValue<int>() != _version + 1)
                {
                    return WriteAsync(context, 409, new JsonObject { ["message"] = "Version must be incremented on update." });
                }

                _value = body["body"]!["value"]!.DeepClone();
                if (request.Method == "PUT") _version++;
            }

            return WriteAsync(context, 200, new JsonObject
            {
                ["id"] = "11",
                ["title"] = "Plan",
                ["version"] = new JsonObject { ["number"] = _version },
                ["body"] = new JsonObject { ["atlas_doc_format"] = new JsonObject { ["value"] = _value?.DeepClone() } },
                ["_links"] = new JsonObject { ["webui"] = "/spaces/DOC/pages/11" },
            });
        }
    }
}
