using System.CommandLine;
using System.Text.Json;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad keys</c>: the keys of the embedded host.</summary>
internal static class KeysCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var json = Shared.Json("Print the keys file's JSON");
        var command = new Command("keys", "Shows the host keys (for x-functions-key or ?code=) and the file that they are kept in.") { json };
        command.SetAction(parsed =>
        {
            var file = Shared.KeysFile(SystemFile.Find(Shared.StateFolder(parsed)), Shared.Settings());
            var keys = HostKeys.Require(file);
            if (parsed.GetValue(json))
            {
                Terminal.WriteLine(JsonSerializer.Serialize(keys, Terminal.Json));
                return ExitCode.Success;
            }

            Terminal.WriteLine($"File      {file}");
            Terminal.WriteLine($"master    {keys.MasterKey}");
            foreach (var (name, value) in keys.FunctionKeys) Terminal.WriteLine($"function  {value}  ({name})");
            foreach (var (name, value) in keys.SystemKeys) Terminal.WriteLine($"system    {value}  ({name})");
            return ExitCode.Success;
        });
        return command;
    }
}
