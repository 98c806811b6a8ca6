using AgentSquad.Cli.Demo;

namespace AgentSquad.Cli.Tests.Demo;

public sealed class DemoModelTests
{
    [Fact]
    public void Settings_NothingSaid_IsOffline() => Assert.Equal(
        new Dictionary<string, string> { ["Agents__Provider"] = "Offline" }, DemoModel.Settings(null, null, null, null, _ => "a key that nobody named"));

    [Fact]
    public void Settings_OpenAIAtAnAddress_IsAnyCompatibleServer() => Assert.Equal(
        new Dictionary<string, string> { ["Agents__Provider"] = "OpenAICompatible", ["Agents__Model"] = "llama", ["Agents__Endpoint"] = "http://127.0.0.1:11434/v1" },
        DemoModel.Settings("openai", "http://127.0.0.1:11434/v1", "llama", null, _ => null));

    [Fact]
    public void Settings_KeyByName_IsReadFromThatVariable() => Assert.Equal(
        "k", DemoModel.Settings("anthropic", null, "m", "MY_KEY", name => name == "MY_KEY" ? "k" : null)["Agents__ApiKey"]);

    [Theory]
    [InlineData("oracle", null, "m", null, "--provider 'oracle' is not known")]
    [InlineData("openai", null, null, null, "--provider needs --model")]
    [InlineData("openai", null, "m", null, "needs --api-key-env")]
    [InlineData("openai", null, "m", "NO_KEY", "the environment variable NO_KEY is not set")]
    [InlineData("openai-compatible", null, "m", null, "needs --endpoint")]
    [InlineData(null, "http://x", null, null, "go with a model")]
    public void Settings_DoNotFit_NamesTheOption(string? provider, string? endpoint, string? model, string? key, string problem) =>
        Assert.Contains(problem, Assert.Throws<CliException>(() => DemoModel.Settings(provider, endpoint, model, key, _ => null)).Message, StringComparison.Ordinal);
}
