using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class JiraOptionsTests
{
    [Fact]
    public void Options_SeedNames_FillWhatIsEmpty()
    {
        var options = Read(("JIRA_URL", "https://acme.atlassian.net/"), ("JIRA_USERNAME", "a@b.example"), ("JIRA_API_TOKEN", " t "), ("Jira:Email", "own@b.example"));

        Assert.Equal(("https://acme.atlassian.net", "own@b.example", "t"), (options.Site, options.Email, options.ApiToken));
    }

    [Fact]
    public void Options_AsText_HoldNoSecret()
    {
        var options = Read(("Jira:BaseUrl", "https://acme.atlassian.net"), ("Jira:Email", "a@b.example"), ("Jira:ApiToken", "s3cr3t"), ("Jira:WebhookSecret", "hush"));

        Assert.Equal("Cloud https://acme.atlassian.net", options.ToString());
    }

    [Theory]
    [InlineData("Jira:BaseUrl", "", "Jira__BaseUrl is missing")]
    [InlineData("Jira:BaseUrl", "acme.atlassian.net", "https://")]
    [InlineData("Jira:BaseUrl", "http://acme.atlassian.net", "Use https://")]
    [InlineData("Jira:BaseUrl", "https://acme.atlassian.net/wiki", "has a path")]
    [InlineData("Jira:BaseUrl", "https://user:word@acme.example", "without user name")]
    [InlineData("Jira:ApiToken", "", "Jira__ApiToken is missing")]
    [InlineData("Jira:ApiToken", "half a\ntoken", "copy it again")]
    [InlineData("Jira:Email", "", "Jira__Email is missing")]
    [InlineData("Jira:RequestTimeout", "01:00:00", "Jira__RequestTimeout")]
    [InlineData("Jira:RequestsPerSecond", "0", "Jira__RequestsPerSecond")]
    [InlineData("Jira:PreviousWebhookSecret", "old", "Jira__WebhookSecret")]
    public void Options_ThatCannotWork_AreRefusedWithTheFix(string name, string value, string fix)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(
            ("Jira:BaseUrl", "https://acme.atlassian.net"), ("Jira:Email", "a@b.example"), ("Jira:ApiToken", "s3cr3t"), (name, value)));

        Assert.Contains(fix, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_DataCenterWithoutEmail_UseAPersonalAccessToken()
    {
        var options = Read(("Jira:BaseUrl", "http://intranet:8080/jira"), ("Jira:ApiToken", "pat"), ("Jira:Deployment", "DataCenter"));

        Assert.Equal(JiraDeployment.DataCenter, options.Deployment);
        Assert.Equal("http://intranet:8080/jira", options.Site);
    }

    private static JiraOptions Read(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in settings) values[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        using var services = new ServiceCollection().AddLogging().AddJira(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<JiraOptions>>().Value;
    }
}
