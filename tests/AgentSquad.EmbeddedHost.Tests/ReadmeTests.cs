using System.Text.RegularExpressions;
using AgentSquad.TestSupport;

namespace AgentSquad.EmbeddedHost.Tests;

/// <summary>The table of what holds what names tests that are there.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Table_EveryTestThatItNames_IsThere()
    {
        var there = typeof(ReadmeTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)).Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var named = TestName().Matches(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "tests", "AgentSquad.EmbeddedHost.Tests", "README.md")))
            .Select(match => match.Groups["name"].Value)
            .ToArray();

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !there.Contains(name));
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`")]
    private static partial Regex TestName();
}
