using System.Text.Json.Nodes;
using AgentSquad.TestSupport;

namespace AgentSquad.Infrastructure.Tests.Bicep;

public sealed class TemplateTests
{
    private static readonly string Infra = Path.Combine(RepositoryPaths.Root, "infra");

    [SkippableFact]
    public async Task Lint_MainTemplate_HasNothingToSay()
    {
        Skip.If(BicepCli.WhyNot is not null, BicepCli.WhyNot);
        var (exitCode, diagnostics) = await BicepCli.RunAsync("lint", Path.Combine(Infra, "main.bicep"));
        Assert.Equal((0, ""), (exitCode, diagnostics.Trim()));
    }

    [SkippableFact]
    public async Task Build_MainTemplate_KeepsTheSecurityRules()
    {
        Skip.If(BicepCli.WhyNot is not null, BicepCli.WhyNot);
        Assert.Empty(SecurityRules.Breaches(await CompileAsync(Infra)));
    }

    // All planted into one copy, because a compilation takes seconds; each has to be found by its own name.
    private static readonly (string File, string Good, string Bad, string Named)[] Violations =
    [
        ("storage.bicep", "supportsHttpsTrafficOnly: true", "supportsHttpsTrafficOnly: false", "supportsHttpsTrafficOnly"),
        ("storage.bicep", "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_0'", "minimumTlsVersion"),
        ("storage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", "allowBlobPublicAccess"),
        ("storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess"),
        ("storage.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", "publicAccess"),
        ("storage.bicep", "output name string = account.name", "output name string = account.name\noutput key string = account.listKeys().keys[0].value", "output key"),
        ("app.bicep", "httpsOnly: true", "httpsOnly: false", "httpsOnly"),
        ("app.bicep", "    minTlsVersion: '1.2'", "    minTlsVersion: '1.0'", "minTlsVersion"),
        ("app.bicep", "ftpsState: 'Disabled'", "ftpsState: 'AllAllowed'", "ftpsState"),
        ("app.bicep", "AZURE_CLIENT_ID: identityClientId", "AZURE_CLIENT_ID: storage.listKeys().keys[0].value", "app settings call listKeys"),
        ("vault.bicep", "enableRbacAuthorization: true", "enableRbacAuthorization: false", "enableRbacAuthorization"),
    ];

    [SkippableFact]
    public async Task Build_PlantedViolations_AreEachFound()
    {
        Skip.If(BicepCli.WhyNot is not null, BicepCli.WhyNot);
        var copy = Directory.CreateTempSubdirectory("agentsquad-infra-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(copy, "modules"));
            foreach (var source in Directory.GetFiles(Infra, "*.bicep", SearchOption.AllDirectories))
            {
                var text = await File.ReadAllTextAsync(source);
                foreach (var (_, good, bad, _) in Violations.Where(violation => violation.File == Path.GetFileName(source)))
                {
                    Assert.Contains(good, text, StringComparison.Ordinal);
                    text = text.Replace(good, bad, StringComparison.Ordinal);
                }

                await File.WriteAllTextAsync(Path.Combine(copy, Path.GetRelativePath(Infra, source)), text);
            }

            var breaches = SecurityRules.Breaches(await CompileAsync(copy));
            Assert.All(Violations, violation =>
                Assert.Contains(breaches, breach => breach.Contains(violation.Named, StringComparison.Ordinal)));
            Assert.Equal(Violations.Length, breaches.Count);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    // Compiled without the linter's configuration, so that a planted breach gets as far as the rules.
    private static async Task<JsonObject> CompileAsync(string folder)
    {
        var output = Path.Combine(Path.GetTempPath(), $"agentsquad-{Guid.NewGuid():N}.json");
        try
        {
            var (exitCode, diagnostics) = await BicepCli.RunAsync("build", Path.Combine(folder, "main.bicep"), "--outfile", output);
            Assert.True(exitCode == 0, diagnostics);
            return (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(output))!;
        }
        finally
        {
            File.Delete(output);
        }
    }
}
