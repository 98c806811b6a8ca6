using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AgentSquad.TestSupport;

namespace AgentSquad.Infrastructure.Tests.AzureFlavour;

/// <summary>The build for Azure asks for the six official packages and for what ASP.NET Core gives the embedded build, and leaves that alone.</summary>
public sealed partial class AzureFlavourTests
{
    private static readonly string[] Official =
    [
        "Microsoft.Azure.Functions.Worker",
        "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
        "Microsoft.Azure.Functions.Worker.Extensions.Http",
        "Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer",
        "Microsoft.Azure.Functions.Worker.Sdk",
    ];

    // In the shared framework that the embedded host brings along.
    private const string OfAspNetCore = "Microsoft.Extensions.Options.DataAnnotations";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task Restore_ForAzure_MissesOnlyWhatTheFeedLacksOfTheSixPackages()
    {
        var app = Path.Combine(RepositoryPaths.Root, "src", "AgentSquad.Functions");
        var embedded = await HashesAsync(app);

        var (exitCode, output) = await RunAsync("restore", Path.Combine(app, "AgentSquad.Functions.csproj"), "-p:FunctionsHost=Azure");

        Skip.If(output.Contains("NU1301", StringComparison.Ordinal), "The NuGet feed cannot be reached.");
        var errors = ErrorCodes().Matches(output).Select(match => match.Value).Distinct().ToList();
        if (exitCode == 0) Assert.Empty(errors);
        else
        {
            // A feed may have none at all (NU1101), no version that is new enough (NU1102), or only a newer one (NU1603) of them or of what they ask for.
            Assert.All(errors, code => Assert.Contains(code, (string[])["NU1101", "NU1102", "NU1603"]));
            Assert.Subset(Official.ToHashSet(StringComparer.Ordinal), Missing().Matches(output).Select(match => match.Groups["id"].Value).ToHashSet(StringComparer.Ordinal));
        }

        Assert.Equal(embedded, await HashesAsync(app));
    }

    [Fact]
    public void Packages_OfTheAzureFlavour_AreReferencedUnderItAlone()
    {
        var project = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "src", "AgentSquad.Functions", "AgentSquad.Functions.csproj"));
        var block = project[project.IndexOf("== 'Azure'", StringComparison.Ordinal)..project.IndexOf("</Choose>", StringComparison.Ordinal)];
        Assert.Equal([.. Official, OfAspNetCore], References().Matches(block).Select(match => match.Groups["id"].Value).Order(StringComparer.Ordinal));
        // The official SDK generates a project of its own in obj.
        string[] others = ["node_modules", $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"];
        foreach (var other in Directory.GetFiles(RepositoryPaths.Root, "*.csproj", SearchOption.AllDirectories).Where(path => !others.Any(part => path.Contains(part, StringComparison.Ordinal))))
        {
            var text = File.ReadAllText(other);
            if (!other.EndsWith("AgentSquad.Functions.csproj", StringComparison.Ordinal)) Assert.DoesNotContain("Microsoft.Azure.Functions", text, StringComparison.Ordinal);
        }
    }

    // What the embedded build lives on; the Azure one has folders of its own.
    private static async Task<IReadOnlyList<string>> HashesAsync(string project)
    {
        var files = Directory.GetFiles(Path.Combine(project, "obj"), "*", SearchOption.TopDirectoryOnly).Order(StringComparer.Ordinal);
        var hashes = new List<string>();
        foreach (var file in files) hashes.Add($"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file)))}");
        return hashes;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        // This test itself runs under dotnet, whose variables would make the child another SDK's.
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nodeReuse:false"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token) + await errors;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"(?<=error )\w+(?=:)")]
    private static partial Regex ErrorCodes();

    [GeneratedRegex(@"Unable to find package (?<id>[\w.]*\w)")]
    private static partial Regex Missing();

    [GeneratedRegex("<PackageReference Include=\"(?<id>[^\"]+)\"")]
    private static partial Regex References();
}
