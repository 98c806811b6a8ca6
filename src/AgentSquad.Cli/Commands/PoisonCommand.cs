using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Poison;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad poison</c>: events that the function app gave up on.</summary>
internal static class PoisonCommand
{
    private const int PreviewLength = 100;
    private static readonly JsonSerializerOptions Indented = new(Terminal.Json) { WriteIndented = true };

    /// <summary>Creates the command.</summary>
    public static Command Create() =>
        new("poison", "Shows the events that the function app gave up on, and hands them back to it.") { List(), Show(), Redrive() };

    private static Command List()
    {
        var command = new Command("list", "Lists them, oldest first.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var queue = Open(parsed);
            var messages = await queue.PeekAsync(cancellation);
            foreach (var message in messages)
            {
                var text = message.Text.ReplaceLineEndings(" ");
                Terminal.WriteLine($"{message.Id}  {message.Inserted:u}  {(text.Length > PreviewLength ? text[..PreviewLength] + "..." : text)}");
            }

            var count = await queue.CountAsync(cancellation);
            if (messages.Count == 0) Terminal.WriteLine(count == 0 ? "None." : $"{count} are being handed back by another command.");
            else if (count > messages.Count) Terminal.WriteLine($"... and {count - messages.Count} more");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<string>("id") { Description = "Id as 'poison list' shows it" };
        var command = new Command("show", "Prints one event whole.") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = parsed.GetValue(id);
            var messages = await Open(parsed).PeekAsync(cancellation);
            var message = messages.FirstOrDefault(m => m.Id == wanted)
                ?? throw new CliException($"No event '{wanted}' is among the oldest ones: 'squad poison list' shows the ids.");
            Terminal.WriteLine(Pretty(message.Text));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Redrive()
    {
        var id = new Argument<string?>("id") { Description = "Id as 'poison list' shows it", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All of them" };
        var command = new Command("redrive", "Puts one event, or all, back on the queue of the function app.") { id, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(all)) result.AddError("Say which event: an id, or --all.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = parsed.GetValue(id);
            var moved = await Open(parsed).RedriveAsync(wanted, cancellation);
            if (wanted is not null && moved == 0) throw new CliException($"There is no event '{wanted}': 'squad poison list' shows the ids.");
            Terminal.WriteLine($"{moved} handed back.");
            return ExitCode.Success;
        });
        return command;
    }

    private static PoisonQueue Open(ParseResult parsed)
    {
        var running = SystemFile.Find(Shared.StateFolder(parsed))?.Storage;
        return running is null ? PoisonQueue.Of(Shared.Settings()) : new PoisonQueue(running);
    }

    private static string Pretty(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.ToJsonString(Indented) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
