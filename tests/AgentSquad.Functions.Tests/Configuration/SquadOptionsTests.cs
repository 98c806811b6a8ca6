using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Approval;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Webhook;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Tests.Configuration;

public sealed class SquadOptionsTests
{
    [Fact]
    public void Bind_NothingSet_HasTheDefaults()
    {
        var options = Bind();

        Assert.Equal(("agentsquad", 3, "In Progress", "In Review", "Done"), (
            options.TriggerLabel, options.MaxReviewRounds, options.StatusNames.Work, options.StatusNames.Verify, options.StatusNames.Deliver));
        Assert.Equal(ApprovalMode.Never, options.ToApprovalPolicy().Mode);
        Assert.Equal(2, options.ToReminders().RemindAfter.Count);
    }

    [Fact]
    public void Bind_EmptyStatusName_MeansNoTransition() => Assert.Equal("", Bind(("Squad:StatusNames:Verify", "")).StatusNames.Verify);

    [Fact]
    public void Bind_Lists_ReplaceTheDefaults()
    {
        var options = Bind(("Squad:Waiting:RemindAfter:0", "00:00:05"), ("Squad:Approval:Labels:0", "ask-me"));

        Assert.Equal([TimeSpan.FromSeconds(5)], options.ToReminders().RemindAfter);
        Assert.Equal(["ask-me"], options.ToApprovalPolicy().Labels);
    }

    [Fact]
    public void ToPolicy_ProjectWithItsOwnTriggers_UsesThem()
    {
        var options = Bind(("Squad:Projects:OPS:Label", "ops-squad"), ("Squad:Projects:OPS:StartOnCommand", "true"), ("Squad:Triggers:Projects:0", "TEST"));

        Assert.Equal(("ops-squad", true), (options.ToPolicy("ops").TriggerLabel, options.ToPolicy("ops").StartOnCommand));
        Assert.Equal(("agentsquad", false), (options.ToPolicy("TEST").TriggerLabel, options.ToPolicy("TEST").StartOnCommand));
        Assert.Equal(["TEST"], options.ToPolicy(null).Filter.Projects);
    }

    [Fact]
    public void ToReminders_ProjectWithItsOwnTimes_UsesThem()
    {
        var options = Bind(("Squad:Waiting:GiveUpAfter", "2.00:00:00"), ("Squad:Waiting:Projects:OPS:GiveUpAfter", "00:10:00"));

        Assert.Equal(TimeSpan.FromMinutes(10), RunPolicy.Of(options, "OPS-7").Reminders.GiveUpAfter);
        Assert.Equal(TimeSpan.FromDays(2), RunPolicy.Of(options, "TEST-7").Reminders.GiveUpAfter);
        Assert.Equal(TimeSpan.FromDays(2), RunPolicy.Of(options).Reminders.GiveUpAfter);
    }

    [Theory]
    [InlineData("Squad:TriggerLabel", "two words", "Squad__TriggerLabel")]
    [InlineData("Squad:MaxReviewRounds", "0", "Squad__MaxReviewRounds")]
    [InlineData("Squad:MaxParallelTasks", "99", "Squad__MaxParallelTasks")]
    [InlineData("Squad:StatusInterval", "02:00:00", "Squad__StatusInterval")]
    [InlineData("Squad:WebhookKey", "short", "Squad__WebhookKey")]
    [InlineData("Squad:Waiting:GiveUpAfter", "00:00:00", "Squad__Waiting__GiveUpAfter")]
    [InlineData("Squad:Approval:FromComplexity", "11", "Squad__Approval__FromComplexity")]
    public void Validate_WrongSetting_NamesIt(string setting, string value, string named)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind((setting, value)));

        Assert.Contains(failure.Failures, message => message.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("host", "127.0.0.1", true)]
    [InlineData("host", "localhost", true)]
    [InlineData("host", "::1", true)]
    [InlineData("host", "0.0.0.0", false)]
    [InlineData("host", "10.0.0.5", false)]
    [InlineData("WEBSITE_HOSTNAME", "localhost:7071", true)]
    [InlineData("WEBSITE_HOSTNAME", "squad.azurewebsites.net", false)]
    public void UnsignedWebhooks_Address_MustBeLoopback(string setting, string address, bool isValid)
    {
        var validator = new UnsignedWebhooksValidator(Configuration((setting, address)));

        Assert.Equal(isValid, validator.Validate(null, new JiraOptions { AllowUnsignedWebhooks = true }).Succeeded);
        Assert.True(validator.Validate(null, new JiraOptions()).Succeeded);
    }

    private static SquadOptions Bind(params (string, string)[] settings)
    {
        using var provider = new ServiceCollection().AddSquadOptions(Configuration(settings)).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<SquadOptions>>().Value;
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
