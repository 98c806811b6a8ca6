using AgentSquad.Atlassian.Diagnostics;

namespace AgentSquad.Cli.Doctor;

/// <summary>What the doctor found.</summary>
/// <param name="Findings">In the order of the checks.</param>
/// <param name="NotChecked">Names of checks that made no sense because of an error before them.</param>
/// <param name="Settings">The settings that are set, secrets without their value.</param>
internal sealed record DoctorReport(
    IReadOnlyList<Finding> Findings, IReadOnlyList<string> NotChecked, IReadOnlyList<SettingInUse> Settings)
{
    /// <summary>The most serious finding.</summary>
    public FindingSeverity Worst => Findings.Select(finding => finding.Severity).DefaultIfEmpty(FindingSeverity.Ok).Max();

    /// <summary>How many findings are of a severity.</summary>
    public int Count(FindingSeverity severity) => Findings.Count(finding => finding.Severity == severity);
}

/// <summary>A setting that has a value.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value; <c>(set)</c> for secrets.</param>
/// <param name="Source">Where it came from.</param>
internal sealed record SettingInUse(string Name, string Value, string Source);
