using System.CommandLine;
using System.Text.Json;
using AgentSquad.Cli.Explain;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad explain</c>: what would become of recorded webhooks.</summary>
internal static class ExplainCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Recorded webhooks: files, folders (their *.json) or patterns such as 'webhooks/*.json'",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "explain",
            "Says for each recorded webhook what the squad would do: one JSON line {file, event, ticket, decision, reason}, without any server. " +
            "The decision is start, signal (matters only to an open run), ignore, or reject (the endpoint answers 400).")
        {
            files,
        };
        command.SetAction(parsed =>
        {
            var explainer = new WebhookExplainer(PolicySettings.Read(Shared.Settings()));
            foreach (var file in WebhookFiles.Expand(parsed.GetValue(files)!))
            {
                Terminal.WriteLine(JsonSerializer.Serialize(explainer.Explain(file), Terminal.Json));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
