using AgentSquad.Core.Squad;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Tests;

public sealed class AgentsServiceCollectionExtensionsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Offline")]
    [InlineData(" offline ")]
    public void AddSquadAgents_OfflineOrNothing_GivesRules(string? provider)
    {
        using var services = Build(provider);
        Assert.Equal("offline rules", services.GetRequiredService<ISquadAgents>().Source);
    }

    [Theory]
    [InlineData("Oracle")]
    [InlineData("0")]
    public void AddSquadAgents_UnknownProvider_NamesTheSettingAndTheFix(string provider)
    {
        using var services = Build(provider);
        var exception = Assert.Throws<OptionsValidationException>(services.GetRequiredService<ISquadAgents>);
        Assert.Equal($"Agents__Provider is \"{provider}\", which this version does not have; set it to Offline or OpenAI or AzureOpenAI or Anthropic or OpenAICompatible, or remove it.", exception.Message);
    }

    private static ServiceProvider Build(string? provider)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Agents:Provider", provider)]).Build();
        return new ServiceCollection().AddSquadAgents(configuration).BuildServiceProvider();
    }
}
