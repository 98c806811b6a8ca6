using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;
using Microsoft.Playwright;

namespace AgentSquad.JiraSandbox.Tests.Pages;

/// <summary>The pages in a real browser. Where AGENTSQUAD_SCREENSHOTS names a folder, pictures of the pages are left there.</summary>
public sealed class BrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [SkippableFact]
    public async Task Ticket_CommentArrives_ShowsWithoutReload()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await browser.WithPageAsync(ColorScheme.Light, async page =>
        {
            await page.GotoAsync($"{sandbox.Url}/browse/{key}");
            await page.Locator("#live.on").WaitForAsync();
            await page.Locator("#text").FillAsync("half a thought");

            await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("I started."));
            await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/transitions", JsonNode.Parse("""{"transition":{"id":"21"}}"""));

            await page.Locator(".comment", new() { HasText = "I started." }).WaitForAsync();
            await page.Locator(".move .status", new() { HasText = "In Progress" }).WaitForAsync();
            Assert.Equal("half a thought", await page.Locator("#text").InputValueAsync());
        });
    }

    [SkippableFact]
    public async Task Ticket_CommentBoxAndStatusButton_ActAsTheChosenPerson()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(("Sandbox__Webhook__Url", receiver.Url));
        var key = await sandbox.CreateAsync();
        await receiver.NextAsync();
        await browser.WithPageAsync(ColorScheme.Light, async page =>
        {
            await page.GotoAsync($"{sandbox.Url}/browse/{key}");
            await page.Locator("#say-as").SelectOptionAsync("sandbox-bot");
            await page.Locator("#text").FillAsync("/squad status\n@Rita Reporter please look");
            await page.GetByRole(AriaRole.Button, new() { Name = "Comment", Exact = true }).ClickAsync();
            await page.Locator(".comment .mention", new() { HasText = "@Rita Reporter" }).WaitForAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
            await page.Locator(".move .status", new() { HasText = "Done" }).WaitForAsync();
        });

        var comment = (await receiver.NextAsync()).Json;
        var move = (await receiver.NextAsync()).Json;
        Assert.Equal("sandbox-bot", comment["comment"]!["author"]!["accountId"]!.GetValue<string>());
        Assert.Equal("/squad status\n[~accountid:sandbox-rita] please look", comment["comment"]!["body"]!.GetValue<string>());
        Assert.Equal("sandbox-bot", move["user"]!["accountId"]!.GetValue<string>());
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_HostileText_RunNoScriptAndNeedNothingFromOutside(ColorScheme scheme)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync("<img src=x onerror=window.broken=1>", "\"><script>window.broken=1</script>");
        await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", JsonNode.Parse(await File.ReadAllTextAsync(RepositoryFile("rich-comment.json"))));
        await browser.WithPageAsync(scheme, async page =>
        {
            var outside = new List<string>();
            var errors = new List<string>();
            page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(sandbox.Url, StringComparison.Ordinal)) outside.Add(request.Url);
            };
            page.Console += (_, message) =>
            {
                if (message.Type == "error") errors.Add(message.Text);
            };
            foreach (var path in (string[])["/", $"/browse/{key}"])
            {
                await page.GotoAsync(sandbox.Url + path);
                await page.Locator("#live.on").WaitForAsync();
                Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.broken"));
                Assert.Equal(0, await page.Locator("a[href^='javascript']").CountAsync());
                await PictureAsync(page, path == "/" ? "board" : "ticket", scheme);
            }

            Assert.Empty(outside);
            Assert.Empty(errors);
        });
    }

    private static string RepositoryFile(string name) =>
        Path.Combine(TestSupport.RepositoryPaths.Root, "tests", "AgentSquad.JiraSandbox.Tests", "Pages", name);

    private static async Task PictureAsync(IPage page, string name, ColorScheme scheme)
    {
        if (Environment.GetEnvironmentVariable("AGENTSQUAD_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png"), FullPage = true });
    }
}
