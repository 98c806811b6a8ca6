using System.Text;
using AgentSquad.Agents.Safety;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Agents.Tests.Safety;

public sealed class SecretGuardTests
{
    [Theory]
    [InlineData("Jira:ApiToken", "jira-token-0001", "jira-token-0001")]
    [InlineData("JIRA_API_TOKEN", "jira-token-0002", "jira-token-0002")]
    [InlineData("Agents:ApiKey", "model-key-0003", "model-key-0003")]
    [InlineData("Jira:WebhookSecret", "webhook-secret-4", "webhook-secret-4")]
    [InlineData("Squad:WebhookKey", "webhook-key-00005", "webhook-key-00005")]
    [InlineData("AzureWebJobsStorage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c3RvcmFnZWtleTY=;X=y", "c3RvcmFnZWtleTY=")]
    [InlineData("Agents:Mcp:Servers:docs:Environment:DOCS_PAT", "pat-of-a-tool-7", "pat-of-a-tool-7")]
    [InlineData("Agents:Mcp:Servers:docs:Headers:Authorization", "Bearer header-secret-000008", "header-secret-000008")]
    public void Clean_OwnSecret_IsTakenOutInEveryForm(string setting, string value, string secret)
    {
        var guard = new SecretGuard(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build());
        foreach (var form in new[] { secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Uri.EscapeDataString(secret) })
        {
            Assert.True(guard.HasSecret($"It is {form}, I think."));
            Assert.DoesNotContain(form, guard.Clean($"It is {form}, I think."), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Clean_KeysOfTheHost_AreTakenOutAsSoonAsTheyExist()
    {
        string[]? keys = null;
        var looks = 0;
        var guard = new SecretGuard(new ConfigurationBuilder().Build(), () =>
        {
            looks++;
            return keys;
        });
        Assert.False(guard.HasSecret("a-master-key-0001"));
        keys = ["a-master-key-0001", "a-function-key-02"];
        Assert.Equal("[redacted] and [redacted]", guard.Clean("a-master-key-0001 and a-function-key-02"));
        Assert.True(guard.HasSecret("a-function-key-02"));
        Assert.Equal(2, looks);
    }

    [Fact]
    public void Clean_KeysOfFunctionsByShapeOrPlace_AreTakenOut()
    {
        var guard = new SecretGuard([]);
        var azure = new string('k', 44) + "AzFu" + "abcdeA==";
        Assert.Equal("x [redacted] y", guard.Clean($"x {azure} y"));
        var key = new string('m', 43);
        Assert.Equal("curl https://a.example/api/tickets/X-1?code=[redacted]", guard.Clean($"curl https://a.example/api/tickets/X-1?code={key}"));
        Assert.Equal("-H 'x-functions-key: [redacted]'", guard.Clean($"-H 'x-functions-key: {key}'"));
        Assert.Equal("error?code=404", guard.Clean("error?code=404"));
    }

    [Fact]
    public void Clean_SecretsOfOthersByShape_AreTakenOut()
    {
        var guard = new SecretGuard([]);
        string[] secrets =
        [
            "sk-proj-" + new string('a', 40), "sk-ant-api03-" + new string('b', 40), "ghp_" + new string('c', 36), "AKIA" + new string('D', 16),
            "xoxb-123456789012-abcdefghijkl", "glpat-" + new string('e', 20), "ATATT3xFfGF0" + new string('f', 40), "AIza" + new string('g', 35),
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijkl",
        ];
        Assert.All(secrets, secret => Assert.Equal($"x {SecretGuard.Placeholder} y", guard.Clean($"x {secret} y")));
        Assert.Equal("AccountKey=[redacted]; z", guard.Clean($"AccountKey={new string('h', 60)}==; z"));
        Assert.DoesNotContain("hunter2", guard.Clean("postgres://admin:hunter2@db/x"), StringComparison.Ordinal);
        Assert.DoesNotContain("MIIE", guard.Clean("-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The export has 10,000 rows; see OrderService.cs and GET /api/orders/export?format=csv.")]
    [InlineData("token, key, password: words like these are no secrets. risk-free, ask-me-anything-about-everything-here")]
    [InlineData("https://acme.example/browse/TEST-1?focusedCommentId=10200")]
    [InlineData("")]
    public void Clean_OrdinaryText_StaysAsItIs(string text)
    {
        var guard = new SecretGuard([]);
        Assert.Equal(text, guard.Clean(text));
        Assert.False(guard.HasSecret(text));
    }
}
