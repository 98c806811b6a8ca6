using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace AgentSquad.Cli.Output;

/// <summary>Standard output and standard error as consoles; results go to the first, progress and complaints to the second when asked for JSON.</summary>
internal static class Terminal
{
    /// <summary>Standard output.</summary>
    public static IAnsiConsole Out => AnsiConsole.Console;

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>JSON for people and pipes: camelCase, one line, letters as they are.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line to standard output, never wrapped or styled.</summary>
    public static void WriteLine(string line) => Console.Out.WriteLine(line);

    /// <summary>Writes one line to standard error, never wrapped or styled.</summary>
    public static void WriteErrorLine(string line) => Console.Error.WriteLine(line);
}
