using System.Text.RegularExpressions;
using AgentSquad.TestSupport;
using YamlDotNet.RepresentationModel;

namespace AgentSquad.Infrastructure.Tests.LocalAtlassian;

/// <summary>
/// Holds infra/local-atlassian/compose.yaml to the Compose Specification as far as the file uses it (nothing here can run it), and to what
/// the page promises.
/// </summary>
public sealed partial class ComposeFileTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "infra", "local-atlassian");
    private static readonly YamlMappingNode Compose = ComposeSpecification.Parse(File.ReadAllText(Path.Combine(Folder, "compose.yaml")));

    [Fact]
    public void File_AgainstTheSpecification_HasNoProblem() => Assert.Empty(ComposeSpecification.Problems(Compose));

    [Theory]
    [InlineData("retries: 24", "retires: 24", "services.postgres.healthcheck.retires is not in the specification")]
    [InlineData("interval: 15s", "interval: 15 seconds", "is no duration")]
    [InlineData("- postgres-data:/var/lib", "- postgres:/var/lib", "names the volume postgres, which is not declared")]
    [InlineData("condition: service_healthy", "condition: healthy", "is no condition")]
    [InlineData("\"127.0.0.1:8080:8080\"", "\"127.0.0.1:8080:http\"", "is no port")]
    [InlineData("restart: unless-stopped", "restart: sometimes", "is no restart policy")]
    [InlineData("      postgres:\n        condition", "      database:\n        condition", "depends on database, which is no service")]
    public void Problems_PlantedMistake_IsFound(string from, string to, string problem)
    {
        var text = File.ReadAllText(Path.Combine(Folder, "compose.yaml")).ReplaceLineEndings("\n");
        Assert.Contains(from, text, StringComparison.Ordinal);

        var problems = ComposeSpecification.Problems(ComposeSpecification.Parse(text.Replace(from, to, StringComparison.Ordinal)));

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("jira", "atlassian/jira-software:9.12")]
    [InlineData("confluence", "atlassian/confluence:8.5")]
    [InlineData("postgres", "postgres:15")]
    public void Service_OfEachProduct_HasVersionHealthCheckAndNoOpenPort(string name, string image)
    {
        var service = (YamlMappingNode)Compose["services"][name];

        Assert.Equal(image, service["image"].ToString());
        Assert.True(service.Children.ContainsKey("healthcheck"));
        var ports = service.Children.TryGetValue("ports", out var published) ? ((YamlSequenceNode)published).Select(port => port.ToString()) : [];
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_AsTheyAre_HoldNoPassword()
    {
        var values = Compose.AllNodes.OfType<YamlMappingNode>().SelectMany(map => map.Children)
            .Where(pair => pair.Key.ToString().Contains("PASSWORD", StringComparison.Ordinal)).Select(pair => pair.Value.ToString()).ToList();

        Assert.Equal(3, values.Count);
        Assert.All(values, value => Assert.StartsWith("${ATLASSIAN_DB_PASSWORD:?", value, StringComparison.Ordinal));
        Assert.DoesNotContain("PASSWORD", File.ReadAllText(Path.Combine(Folder, "databases.sql")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Databases_OfTheUrls_AreCreated()
    {
        var created = Created().Matches(File.ReadAllText(Path.Combine(Folder, "databases.sql"))).Select(match => match.Groups[1].Value);
        var used = Compose.AllNodes.OfType<YamlMappingNode>().SelectMany(map => map.Children)
            .Where(pair => pair.Key.ToString() == "ATL_JDBC_URL").Select(pair => pair.Value.ToString().Split('/')[^1]);

        Assert.Equal(used.Order(StringComparer.Ordinal), created.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_OfTheFile_SaysWhatWasNotRun()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "jira-setup.md"));

        Assert.Contains("infra/local-atlassian/compose.yaml", page, StringComparison.Ordinal);
        Assert.Contains("has not been run", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"CREATE DATABASE (\w+)")]
    private static partial Regex Created();
}
