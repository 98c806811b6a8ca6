using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.TestSupport.Docs;

namespace AgentSquad.JiraSandbox.Tests.Docs;

/// <summary>docs/configuration.md lists every option of the sandbox, with its default.</summary>
public sealed class ConfigurationPageTests
{
    [Fact]
    public void Page_OfEveryOption_HasNameAndDefault()
    {
        var problems = ConfigurationPage.Behind(typeof(SandboxOptions), SandboxOptions.Section);

        Assert.True(problems.Count == 0, "docs/configuration.md is behind the code:\n" + string.Join('\n', problems));
    }

    [Fact]
    public void Page_OfEveryRow_HasAnOption() => Assert.Empty(ConfigurationPage.Invented(typeof(SandboxOptions), SandboxOptions.Section));

    [Fact]
    public void Page_OfTheTwoAccounts_NamesWhatTheyHave()
    {
        var options = new SandboxOptions();
        SandboxUserOptions.ApplyDefaults(options);
        var page = ConfigurationPage.Text;

        Assert.All(options.Users.SelectMany(user => new[] { user.Email, user.ApiToken, user.DisplayName, user.AccountId }), value => Assert.Contains(value, page, StringComparison.Ordinal));
    }
}
