using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentSquad.Cli.Processes;

/// <summary>What the command tells its guard: one JSON object per line on the guard's standard input.</summary>
/// <param name="Op"><c>start</c>, <c>stop</c> (everything) or <c>detach</c> (live on without the command).</param>
/// <param name="Child">What to start.</param>
/// <param name="Cleanup">Files and folders to delete once everything has stopped.</param>
internal sealed record GuardRequest(string Op, ChildSpec? Child = null, IReadOnlyList<string>? Cleanup = null);

/// <summary>One process to start.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="File">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Its whole environment; nothing is inherited.</param>
/// <param name="Log">File that gets its standard output and error.</param>
/// <param name="Ready">Regular expressions of the lines on standard output that say that it is ready, one match each.</param>
internal sealed record ChildSpec(
    string Name,
    string File,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string Log,
    IReadOnlyList<string> Ready);

/// <summary>What the guard tells the command: one JSON object per line on the guard's standard output.</summary>
/// <param name="Event"><c>started</c>, <c>ready</c> (a line that matched), <c>exited</c>, <c>failed</c> (did not start) or <c>detached</c>.</param>
/// <param name="Name">Name of the child.</param>
/// <param name="Pid">Process id, for <c>started</c>.</param>
/// <param name="Line">The line, for <c>ready</c>; the reason, for <c>failed</c>.</param>
/// <param name="ExitCode">For <c>exited</c>.</param>
internal sealed record GuardEvent(string Event, string? Name = null, int? Pid = null, string? Line = null, int? ExitCode = null);

/// <summary>The wire format of both.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GuardRequest))]
[JsonSerializable(typeof(GuardEvent))]
internal sealed partial class GuardJson : JsonSerializerContext;
