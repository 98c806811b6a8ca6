using AgentSquad.Cli.Connect;

namespace AgentSquad.Cli.Tests.Connect;

public sealed class PublicAddressTests
{
    private static readonly Uri Cloud = new("https://acme.atlassian.net");
    private static readonly Uri Sandbox = new("http://127.0.0.1:7072");

    [Theory]
    [InlineData("https://squad.example", "https://squad.example/")]
    [InlineData("https://squad.example/", "https://squad.example/")]
    [InlineData(" https://squad.example/jira-squad/api/jira/webhook ", "https://squad.example/jira-squad")]
    public void Read_HttpsAddress_IsTheAppsOwn(string typed, string expected) => Assert.Equal(expected, PublicAddress.Read(typed, Cloud).AbsoluteUri);

    [Fact]
    public void Read_LoopbackForASandbox_IsTaken() => Assert.Equal("http://127.0.0.1:9000/", PublicAddress.Read("http://127.0.0.1:9000", Sandbox).AbsoluteUri);

    [Theory]
    [InlineData("squad.example", "is no address")]
    [InlineData("http://squad.example", "devtunnel, cloudflared, ngrok")]
    [InlineData("http://127.0.0.1:7071", "devtunnel, cloudflared, ngrok")]
    [InlineData("https://localhost:7071", "cannot reach")]
    [InlineData("https://me:secret@squad.example", "without user name")]
    [InlineData("https://squad.example?key=1", "query")]
    public void Read_AddressThatCannotWork_SaysWhy(string typed, string why)
    {
        var exception = Assert.Throws<CliException>(() => PublicAddress.Read(typed, Cloud));

        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("me:secret", exception.Message, StringComparison.Ordinal);
    }
}
