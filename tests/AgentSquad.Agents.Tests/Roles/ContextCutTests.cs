using AgentSquad.Agents.Prompts;
using CsCheck;

namespace AgentSquad.Agents.Tests.Roles;

public sealed class ContextCutTests
{
    [Fact]
    public void Fit_TooMuch_CutsTheLeastImportantFirstAndSaysSo()
    {
        PromptPart[] parts = [new("old", new string('o', 30_000), 5), new("ticket", new string('t', 3_000), 1), new("plan", new string('p', 9_000), 3)];
        var fitted = ContextCut.Fit(parts, 3_000);
        Assert.Equal(parts[1], fitted[1]);
        Assert.Equal("\n[left out for length: 30000 more characters]", fitted[0].Text);
        Assert.Matches(@"^p{200,}\n\[left out for length: \d+ more characters\]$", fitted[2].Text);
        Assert.True(fitted.Sum(part => ContextCut.Estimate(part.Text)) <= 3_100);
    }

    [Fact]
    public void Fit_AnyParts_NeverExceedsTheLimitByMoreThanItsNotes() =>
        Gen.Select(Gen.String[0, 3_000].Array[0, 8], Gen.Int[1, 4].Array[8], Gen.Int[0, 3_000]).Sample((texts, priorities, limit) =>
        {
            var fitted = ContextCut.Fit([.. texts.Select((text, i) => new PromptPart($"{i}", text, priorities[i]))], limit);
            Assert.True(fitted.Sum(part => ContextCut.Estimate(part.Text)) <= limit + (texts.Length * 50));
        });
}
