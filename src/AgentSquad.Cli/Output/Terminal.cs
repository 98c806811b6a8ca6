using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace AgentSquad.Cli.Output;

/// <summary>Standard output and standard error as consoles; results go to the first, progress and complaints to the second when asked for JSON.</summary>
internal static class Terminal
{
    // Where there is no window, lines are cut where people still like to read them.
    private const int PlainWidth = 120;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error);

    /// <summary>JSON for people and pipes: camelCase, one line, letters as they are.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line to standard output, never wrapped or styled.</summary>
    public static void WriteLine(string line) => Console.Out.WriteLine(line);

    /// <summary>Writes one line to standard error, never wrapped or styled.</summary>
    public static void WriteErrorLine(string line) => Console.Error.WriteLine(line);

    private static IAnsiConsole Create(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = PlainWidth;
        return console;
    }
}
