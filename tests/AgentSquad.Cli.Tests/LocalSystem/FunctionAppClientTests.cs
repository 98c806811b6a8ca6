using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Tests.Support;

namespace AgentSquad.Cli.Tests.LocalSystem;

public sealed class FunctionAppClientTests
{
    private const string Key = "k-e-y-0123456789";

    [Fact]
    public async Task ListAsync_MoreThanOnePage_ReadsThemAll()
    {
        var asked = 0;
        await using var server = new SmallServer(_ => ++asked == 1 ? Page("TEST-1", "next") : Page("TEST-2", next: null));
        using var http = LocalHttp.Create();

        var runs = await new FunctionAppClient(http, Access($"http://{server.Authority}/")).ListAsync(default);

        Assert.Equal(["TEST-1", "TEST-2"], runs.Select(run => run.Ticket));
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("401 Unauthorized")]
    [InlineData("403 Forbidden")]
    public async Task KeyIsRefused_SaysSoWithoutIt(string status)
    {
        await using var server = new SmallServer(_ => SmallServer.Answer(status, "text/plain", ""));
        using var http = LocalHttp.Create();
        var app = Access($"http://{server.Authority}");

        var fromList = await Assert.ThrowsAsync<CliException>(() => new FunctionAppClient(http, app).ListAsync(default));
        var fromHistory = await Assert.ThrowsAsync<CliException>(() => RunHistory.ReadAsync(http, app, "jira-1-2", default));

        Assert.All([fromList, fromHistory], refusal =>
        {
            Assert.Contains($"http://{server.Authority} refuses the key ({status[..3]})", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("squad.example.com", "base address")]
    [InlineData("ftp://squad.example.com", "base address")]
    [InlineData("https://user@squad.example.com", "base address")]
    [InlineData("https://squad.example.com/?code=1", "base address")]
    [InlineData("http://squad.example.com", "plain text")]
    public void Elsewhere_NoAddressToSendAKeyTo_IsRefused(string url, string reason)
    {
        var refusal = Assert.Throws<CliException>(() => Access(url));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_NoKey_NamesTheVariable()
    {
        var refusal = Assert.Throws<CliException>(() => AppAccess.Elsewhere("https://squad.example.com", "MY_KEY", _ => ""));

        Assert.Contains("MY_KEY", refusal.Message, StringComparison.Ordinal);
    }

    private static AppAccess Access(string url) => AppAccess.Elsewhere(url, AppAccess.KeyVariable, name => name == AppAccess.KeyVariable ? Key : null);

    private static string Page(string ticket, string? next)
    {
        var answer = SmallServer.Answer("200 OK", "application/json", $$"""[{"ticket":"{{ticket}}","instanceId":"jira-1-2","runStatus":"Running"}]""");
        return next is null ? answer : answer.Replace("Connection:", $"x-ms-continuation-token: {next}\r\nConnection:", StringComparison.Ordinal);
    }
}
