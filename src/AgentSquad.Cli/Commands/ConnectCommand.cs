using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Connect;
using AgentSquad.Cli.Doctor;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using Spectre.Console;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad connect</c>: lets a Jira site reach the app.</summary>
internal static class ConnectCommand
{
    private static readonly JsonSerializerOptions Json = new(Terminal.Json) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "The app's public https address, from a tunnel or a reverse proxy", Required = true, HelpName = "address" };
        var project = new Option<string?>("--project") { Description = "Only events of this project", HelpName = "key" };
        var jql = new Option<string?>("--jql") { Description = "Only events of tickets that fit", HelpName = "filter" };
        var name = new Option<string>("--name")
        {
            Description = "Name of the webhook on the site; one of that name is changed and not doubled",
            DefaultValueFactory = _ => $"AgentSquad ({Environment.MachineName})",
            HelpName = "name",
        };
        var elsewhere = new Option<bool>("--elsewhere") { Description = "The app does not run on this machine, so that it cannot be compared with the one here" };
        var print = new Option<bool>("--print") { Description = "Register nothing; print the values for Jira's form" };
        var json = Shared.Json("Print one JSON object {findings, isProven, isRegistered, form}");
        var command = new Command(
            "connect",
            "Lets Jira reach the app: checks that a public address leads to this app, proves it with a signed event that starts nothing and a wrongly " +
            "signed one that must be refused, and registers the webhook, or prints the exact values for Jira's form. Running it again with another " +
            "address changes the webhook that is there.\n" +
            "Registering needs an administrator: set JIRA_ADMIN_USERNAME and JIRA_ADMIN_API_TOKEN for this command (on a Data Center the token alone), " +
            "unless the squad's own account is one.\n" +
            "Exit code: 0 signed events get through (and the webhook is registered or its values are printed), 1 not.")
        {
            url, project, jql, name, elsewhere, print, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(project) is not null && result.GetValue(jql) is not null) result.AddError("--project and --jql exclude each other.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            LocalHttp.ExemptFromProxies();
            var system = SystemFile.Find(Shared.StateFolder(parsed));
            var settings = DoctorSession.WithRunningSandbox(Shared.Settings(), system);
            var session = new ConnectSession
            {
                Settings = settings,
                Url = parsed.GetValue(url)!,
                LocalApp = parsed.GetValue(elsewhere) ? null : LocalApp.AddressOf(system, settings),
                Name = parsed.GetValue(name)!.Trim(),
                Filter = parsed.GetValue(project) is { } key ? $"project = \"{key.Replace("\"", "", StringComparison.Ordinal)}\"" : parsed.GetValue(jql),
                PrintOnly = parsed.GetValue(print),
            };
            var console = parsed.GetValue(json) ? Terminal.Error : Terminal.Out;
            var report = await ProgressView.RunAsync(console, view => session.RunAsync(view, cancellation));
            if (parsed.GetValue(json)) Terminal.WriteLine(JsonSerializer.Serialize(report, Json));
            else Show(report);
            return report.Findings.Any(finding => finding.Severity == FindingSeverity.Error) ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    private static void Show(ConnectReport report)
    {
        foreach (var finding in report.Findings)
        {
            var mark = finding.Severity switch { FindingSeverity.Ok => "[green]ok[/]     ", FindingSeverity.Warning => "[yellow]warning[/]", _ => "[red]error[/]  " };
            Terminal.Out.MarkupLine($"{mark} {Markup.Escape(finding.Found)}{(finding.Fix is null ? "" : $"\n        [bold]Fix:[/] {Markup.Escape(finding.Fix)}")}");
        }

        if (report.Form is { } form)
        {
            Terminal.WriteLine("");
            Terminal.WriteLine($"Values for {form.Page} (Settings, System, WebHooks):");
            Terminal.WriteLine($"  Name     {form.Name}");
            Terminal.WriteLine($"  Status   Enabled");
            Terminal.WriteLine($"  URL      {form.Url}");
            Terminal.WriteLine($"  Secret   {form.Secret}");
            Terminal.WriteLine($"  JQL      {(form.Filter.Length > 0 ? form.Filter : "(empty: all tickets)")}");
            Terminal.WriteLine($"  Events   {string.Join(", ", form.Events)}");
            Terminal.WriteLine($"  Exclude body: not ticked");
        }

        if (!report.IsProven) return;
        Terminal.WriteLine("");
        Terminal.WriteLine("Jira itself sends no test event. To see one come through, comment on a ticket that the webhook is about: the app's log then says");
        Terminal.WriteLine("'Accepted delivery ...: comment_created'.");
    }
}
