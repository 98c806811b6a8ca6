using AgentSquad.Infrastructure.Tests.Workflows;
using AgentSquad.TestSupport;
using YamlDotNet.RepresentationModel;

namespace AgentSquad.Infrastructure.Tests.Hosting;

/// <summary>The files for a machine of one's own say what the page says, and stay locked down.</summary>
public sealed class ServiceFileTests
{
    private static readonly string Infra = Path.Combine(RepositoryPaths.Root, "infra");

    [Theory]
    [InlineData("agentsquad.service")]
    [InlineData("agentsquad-azurite.service")]
    public void Unit_Service_IsLockedDownAndRestarts(string file)
    {
        var unit = Settings(Path.Combine(Infra, "systemd", file));
        foreach (var (name, value) in ((string, string)[])
                 [("User", "agentsquad"), ("NoNewPrivileges", "true"), ("ProtectSystem", "strict"), ("ProtectHome", "true"), ("PrivateTmp", "true"),
                  ("CapabilityBoundingSet", ""), ("UMask", "0077"), ("Restart", "always")])
        {
            Assert.Equal(value, unit[name]);
        }
    }

    [Fact]
    public void Units_WhereTheyListen_IsLoopback()
    {
        var app = Settings(Path.Combine(Infra, "systemd", "agentsquad.service"))["ExecStart"];
        var azurite = Settings(Path.Combine(Infra, "systemd", "agentsquad-azurite.service"))["ExecStart"];
        Assert.DoesNotContain("--host", app, StringComparison.Ordinal);
        foreach (var service in (string[])["blob", "queue", "table"]) Assert.Contains($"--{service}Host 127.0.0.1", azurite, StringComparison.Ordinal);
        Assert.True(int.Parse(Settings(Path.Combine(Infra, "systemd", "agentsquad.service"))["TimeoutStopSec"]) > 30, "The host may take 30 s to stop.");
    }

    [Fact]
    public void EnvironmentFile_AsItIs_HoldsNoSecret()
    {
        var lines = File.ReadAllLines(Path.Combine(Infra, "systemd", "agentsquad.env"));
        Assert.Contains("Jira__ApiToken=", lines);
        Assert.Contains("Jira__WebhookSecret=", lines);
    }

    [Fact]
    public void Compose_App_IsReachableFromThisMachineOnly()
    {
        var compose = Workflow.Parse("compose.yaml", File.ReadAllText(Path.Combine(Infra, "docker", "compose.yaml")));
        var services = (YamlMappingNode)compose.Root["services"];
        Assert.All((YamlSequenceNode)services["app"]["ports"], port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));
        Assert.Null(Workflow.Find((YamlMappingNode)services["azurite"], "ports"));
        var pinned = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "package.json"));
        Assert.Contains($"\"azurite\": \"{services["azurite"]["image"].ToString().Split(':')[^1]}\"", pinned, StringComparison.Ordinal);
    }

    [Fact]
    public void Dockerfile_Image_HasNoSettingsAndNoRoot()
    {
        var lines = File.ReadAllLines(Path.Combine(Infra, "docker", "Dockerfile"));
        Assert.Equal("USER app", lines.Last(line => line.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.Contains("RUN dotnet publish src/AgentSquad.Functions -c Release -o /app", lines);
        var ignored = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, ".dockerignore"));
        foreach (var file in (string[])[".env", "local.settings.json", ".git", ".squad"]) Assert.Contains(file, ignored);
    }

    // The last of several values of one name; none of those that are looked at here is repeated.
    private static Dictionary<string, string> Settings(string file) => File.ReadLines(file)
        .Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#')
        .Select(line => line.Split('=', 2)).GroupBy(parts => parts[0], parts => parts[1]).ToDictionary(values => values.Key, values => values.Last());
}
