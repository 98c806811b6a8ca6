using System.CommandLine;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Doctor;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad doctor</c>: what is wrong with the set-up, and how to mend it.</summary>
internal static class DoctorCommand
{
    private const int DefaultSeconds = 15;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var projects = new Option<string[]>("--project")
        {
            Description = "Project to look at (repeat for more); default is those that the settings name, else the first few that the account sees",
            HelpName = "key",
        };
        var seconds = new Option<int>("--timeout") { Description = "Seconds for each check", DefaultValueFactory = _ => DefaultSeconds, HelpName = "seconds" };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 600) result.AddError("--timeout takes 1 to 600 seconds.");
        });
        var strict = new Option<bool>("--strict") { Description = "Exit with 1 for warnings too" };
        var withSettings = new Option<bool>("--settings") { Description = "List every setting that is set, and where it came from; secrets without their value" };
        var mcp = new Option<bool>("--mcp") { Description = "Connect to each MCP server and list its tools with the roles that may use them" };
        var json = Shared.Json("Print one JSON object {worst, findings, notChecked, settings}");
        var command = new Command(
            "doctor",
            "Checks every setting and what lies behind it: address, TLS, clock, token, permissions, statuses, webhook, Confluence, storage, the function " +
            "app, the model provider. Changes nothing on the site. Prints what it found, where the value came from, and the fix. Never prints a secret.\n" +
            "Exit code: 0 all well or only warnings, 1 at least one error (with --strict: or warning).\n" +
            "Only administrators may read a site's webhooks: set JIRA_ADMIN_USERNAME and JIRA_ADMIN_API_TOKEN for this command to have them checked too.")
        {
            projects, seconds, withSettings, strict, mcp, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            LocalHttp.ExemptFromProxies();
            var session = new DoctorSession
            {
                Settings = Shared.Settings(),
                Folder = BuildInfo.RepositoryRoot,
                System = SystemFile.Find(Shared.StateFolder(parsed)),
                Projects = parsed.GetValue(projects) ?? [],
                Mcp = parsed.GetValue(mcp),
                Limit = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            };
            var console = parsed.GetValue(json) ? Terminal.Error : Terminal.Out;
            var report = await ProgressView.RunAsync(console, view => session.RunAsync(view, cancellation));
            if (parsed.GetValue(json)) Terminal.WriteLine(ReportPrinter.ToJson(report));
            else ReportPrinter.Print(Terminal.Out, report, parsed.GetValue(withSettings));
            return report.Worst >= (parsed.GetValue(strict) ? FindingSeverity.Warning : FindingSeverity.Error) ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }
}
