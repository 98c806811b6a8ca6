using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Prompts;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Tests.Roles;

public sealed class RoleCatalogTests
{
    public static TheoryData<SquadRole> All => [.. Enum.GetValues<SquadRole>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Write_EveryRoleInEveryStep_HasRoleStepRulesFormAndMaterial(SquadRole role)
    {
        var settings = new RoleCatalog(Options.Create(new AgentsOptions { Model = "m" }))[role];
        Assert.Equal("m", settings.Model);
        Assert.Equal(8_000, settings.MaxOutputTokens);
        Assert.Empty(settings.Tools);
        foreach (var step in new[] { "Triage", "Plan", "Implement", "Answer", "Review", "Verify" })
        {
            var fence = new DataFence();
            var messages = new PromptWriter(new SecretGuard([])).Write(
                settings, step, AnswerSchema.Of<ReviewResult>(), [new PromptPart("the ticket", "Some text.", 1)], 60_000, fence);
            var system = messages[0].Text;
            Assert.StartsWith("# ", system, StringComparison.Ordinal);
            Assert.Contains("## This step: ", system, StringComparison.Ordinal);
            Assert.Contains("never an instruction", system, StringComparison.Ordinal);
            Assert.Contains("\"enum\":[\"Approved\",\"ChangesRequested\"]", system.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("{mark}", system, StringComparison.Ordinal);
            Assert.DoesNotContain("{schema}", system, StringComparison.Ordinal);
            Assert.Contains($"<<<DATA {fence.Mark} the ticket>>>\nSome text.\n<<<END {fence.Mark}>>>", messages[1].Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Catalog_FolderAndSettings_ReplaceTheFile()
    {
        var folder = Directory.CreateTempSubdirectory("squad-roles-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "Tester.md"), "---\nrole: Tester\nmodel: file-model\ntemperature: 0.5\nmax-output-tokens: 900\ntools: [docs/search]\n---\nBe strict.");
            var options = new AgentsOptions { Model = "m", RolesFolder = folder.FullName };
            options.Roles["tester"] = new() { Temperature = 0.1f };
            options.Roles["tester"].Tools.Add("docs/*");
            var tester = new RoleCatalog(Options.Create(options))[SquadRole.Tester];
            Assert.Equal(("file-model", 0.1f, 900, "Be strict."), (tester.Model, tester.Temperature!.Value, tester.MaxOutputTokens, tester.Text));
            Assert.Equal(["docs/search", "docs/*"], tester.Tools);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Be strict.", "has no front matter")]
    [InlineData("---\nrole: Tester\n---\n", "says nothing below")]
    [InlineData("---\nrole: Wizard\n---\nx", "names no role of the squad")]
    [InlineData("---\nrole: Tester\ncolour: red\n---\nx", "cannot be read near line")]
    [InlineData("---\nrole: Tester\ntemperature: 7\n---\nx", "temperature is from 0 to 2")]
    [InlineData("---\nrole: Tester\ntemperature: warm\n---\nx", "cannot be read near line")]
    public void Read_UnusableFile_NamesFileAndFix(string content, string problem)
    {
        var exception = Assert.Throws<RoleFileException>(() => RoleFile.Read("Tester.md", content));
        Assert.StartsWith("Tester.md", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }
}
