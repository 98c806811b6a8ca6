using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Tests;

public sealed class AgentsOptionsTests
{
    [Theory]
    [InlineData("OpenAI", "Agents__Model is missing; set it to a model of OpenAI.")]
    [InlineData("OpenAI", "Agents__ApiKey is missing; set it to your key of OpenAI.")]
    [InlineData("Anthropic", "Agents__ApiKey is missing; set it to your key of Anthropic.")]
    [InlineData("AzureOpenAI", "Agents__Endpoint is missing; set it to your resource, such as https://NAME.openai.azure.com.")]
    [InlineData("AzureOpenAI", "Agents__ApiKey is missing; set it, or set Agents__UseManagedIdentity=true.")]
    [InlineData("OpenAICompatible", "Agents__Endpoint is missing; set it to the server's base address, such as http://127.0.0.1:11434/v1.")]
    [InlineData("OpenAI", "Agents__Endpoint is no http or https address; correct it or remove it.", "Endpoint=nowhere")]
    [InlineData("OpenAI", "Agents__Timeout must be a time span from 00:00:01 to 01:00:00; 00:05:00 is the default.", "Timeout=00:00:00")]
    [InlineData("OpenAI", "Agents__Timeout cannot be read: its value has the wrong form. Correct it or remove it.", "Timeout=soon")]
    [InlineData("OpenAI", "Agents__Roles__Wizard names no role", "Roles:Wizard:Model=x")]
    [InlineData("OpenAI", "Agents__RolesFolder names a folder that does not exist", "RolesFolder=/nowhere/at/all")]
    [InlineData("OpenAI", "A limit under Agents__Budget is set, but gpt has no price", "Model=gpt", "Budget:PerTicket=2")]
    [InlineData("OpenAI", "Agents__Mcp__Servers__docs needs either __Command (a program) or __Url (an address).", "Mcp:Servers:docs:AllowWriting:0=x")]
    [InlineData("OpenAI", "Agents__Mcp__Servers__docs__Url is no http or https address.", "Mcp:Servers:docs:Url=docs")]
    [InlineData("OpenAI", "Agents__UseManagedIdentity works with Agents__Provider=AzureOpenAI only", "UseManagedIdentity=true")]
    public void Options_Unusable_NameTheSettingAndTheFix(string provider, string problem, params string[] settings)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(provider, settings));
        Assert.Contains(exception.Failures, failure => failure.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OpenAI", "Model=m", "ApiKey=k")]
    [InlineData("Anthropic", "Model=m", "ApiKey=k", "FallbackModel=n", "Budget:PerDay=1.50", "Prices:0:Model=m", "Prices:0:Input=3", "Prices:1:Model=N")]
    [InlineData("AzureOpenAI", "Model=m", "Endpoint=https://x.openai.azure.com", "UseManagedIdentity=true")]
    [InlineData("OpenAICompatible", "Model=llama3.1:8b", "Endpoint=http://127.0.0.1:11434/v1")]
    public void Options_Whole_AreTaken(string provider, params string[] settings) => Assert.Equal(provider, Read(provider, settings).Provider.ToString());

    private static AgentsOptions Read(string provider, string[] settings)
    {
        var values = settings.Select(setting => setting.Split('=', 2)).Select(pair => new KeyValuePair<string, string?>("Agents:" + pair[0], pair[1]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Agents:Provider", provider), .. values]).Build();
        using var services = new ServiceCollection().AddSquadAgents(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<AgentsOptions>>().Value;
    }
}
