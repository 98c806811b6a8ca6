using System.Text.RegularExpressions;
using AgentSquad.TestSupport;
using YamlDotNet.RepresentationModel;

namespace AgentSquad.Infrastructure.Tests.Workflows;

/// <summary>What every workflow keeps.</summary>
internal static partial class WorkflowRules
{
    // Who may write what, job by job; everything else reads the contents at most.
    private static readonly (string Workflow, string Job, string Permission)[] MayWrite =
    [
        ("codeql.yml", "analyze", "security-events"),
        ("deploy.yml", "deploy", "id-token"),
    ];

    /// <summary>Every breach, one sentence each.</summary>
    public static IReadOnlyList<string> Breaches(Workflow workflow)
    {
        var breaches = new List<string>();
        foreach (Match uses in Uses().Matches(workflow.Text))
        {
            if (!Pinned().IsMatch(uses.Groups["action"].Value)) breaches.Add($"{uses.Groups["action"].Value} is not pinned by a full SHA with its version beside it");
        }

        if (Workflow.Permissions(workflow.Root) is not { } shared) breaches.Add("no permissions at the top");
        else breaches.AddRange(shared.Where(right => right is not { Key: "contents", Value: "read" }).Select(right => $"permission {right.Key}: {right.Value} for all jobs"));
        if (workflow.Text.Contains("pull_request_target", StringComparison.Ordinal)) breaches.Add("runs foreign code with rights: pull_request_target");
        foreach (var (name, job) in workflow.Jobs) breaches.AddRange(JobBreaches(workflow, name, job));
        foreach (var step in workflow.Steps) breaches.AddRange(StepBreaches(step));
        return breaches;
    }

    private static IEnumerable<string> JobBreaches(Workflow workflow, string name, YamlMappingNode job)
    {
        if (Workflow.Find(job, "timeout-minutes") is null) yield return $"job {name} has no timeout-minutes";
        foreach (var (permission, value) in Workflow.Permissions(job) ?? new Dictionary<string, string>())
        {
            if (value != "read" && value != "none" && !MayWrite.Contains((workflow.Name, name, permission))) yield return $"permission {permission}: {value} for job {name}";
        }
    }

    private static IEnumerable<string> StepBreaches(YamlMappingNode step)
    {
        var uses = Workflow.Find(step, "uses")?.ToString() ?? "";
        if (uses.StartsWith("actions/checkout@", StringComparison.Ordinal)
            && (Workflow.Find(step, "with") is not YamlMappingNode with || Workflow.Find(with, "persist-credentials")?.ToString() != "false"))
        {
            yield return "a checkout leaves its token behind";
        }

        if (Workflow.Find(step, "run")?.ToString() is not { } run) yield break;
        if (run.Contains("${{", StringComparison.Ordinal)) yield return $"an expression becomes part of a script: {run}";
        foreach (var file in Files().Matches(run).Select(match => match.Value))
        {
            if (!Path.Exists(Path.Combine(RepositoryPaths.Root, file))) yield return $"{file} does not exist";
        }
    }

    [GeneratedRegex(@"(?m)uses:\s*(?<action>.+)$")]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?<![\w/])(\.ci|\.github|src|tests|infra|bench)/[\w./-]*\w")]
    private static partial Regex Files();
}
