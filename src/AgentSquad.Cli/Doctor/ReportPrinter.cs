using System.Text.Json;
using System.Text.Json.Serialization;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Output;
using Spectre.Console;

namespace AgentSquad.Cli.Doctor;

/// <summary>Shows a report: a table for people, one JSON object for programs.</summary>
internal static class ReportPrinter
{
    private static readonly JsonSerializerOptions Json = new(Terminal.Json) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The report as one line of JSON: <c>{worst, findings:[{check, severity, found, setting, source, fix}], notChecked, settings}</c>.</summary>
    public static string ToJson(DoctorReport report) => JsonSerializer.Serialize(new { report.Worst, report.Findings, report.NotChecked, report.Settings }, Json);

    /// <summary>Prints the report.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="withSettings">Whether to list every setting that is set.</param>
    public static void Print(IAnsiConsole console, DoctorReport report, bool withSettings)
    {
        if (withSettings) console.Write(Settings(report.Settings));
        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            new TableColumn("").NoWrap(), new TableColumn("Check"), new TableColumn("Found, and what to do"), new TableColumn("Value from"));
        foreach (var finding in report.Findings)
        {
            var fix = finding.Fix is null ? "" : $"\n[bold]Fix:[/] {Markup.Escape(finding.Fix)}";
            table.AddRow(
                Mark(finding.Severity),
                Markup.Escape(finding.Check),
                Markup.Escape(finding.Found) + fix,
                Markup.Escape(finding.Setting is null ? "" : $"{finding.Setting}: {finding.Source}"));
        }

        console.Write(table);
        if (report.NotChecked.Count > 0) console.WriteLine($"Not checked because of an error above: {string.Join(", ", report.NotChecked)}.");
        console.WriteLine(
            $"Errors: {report.Count(FindingSeverity.Error)}, warnings: {report.Count(FindingSeverity.Warning)}, ok: {report.Count(FindingSeverity.Ok)}.");
    }

    private static Table Settings(IReadOnlyList<SettingInUse> settings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Setting", "Value", "From");
        foreach (var setting in settings) table.AddRow(Markup.Escape(setting.Name), Markup.Escape(setting.Value), Markup.Escape(setting.Source));
        return table;
    }

    private static string Mark(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Ok => "[green]ok[/]",
        FindingSeverity.Warning => "[yellow]warning[/]",
        _ => "[red]error[/]",
    };
}
