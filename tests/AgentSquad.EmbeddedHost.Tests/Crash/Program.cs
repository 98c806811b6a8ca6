using AgentSquad.EmbeddedHost.Tests.Functions.Processes;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>
/// Entry point of the test assembly when a test starts it as a process of its own, to be killed. The test runner does not come by here.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["engine", .. var rest] => EngineChild.RunAsync(rest),
        ["engine-at", .. var rest] => EngineAtChild.RunAsync(rest),
        ["log", .. var rest] => LogChild.RunAsync(LogChildSettings.Parse(rest)),
        ["host", .. var rest] => ChildHost.RunAsync(rest),
        _ => Task.FromResult(2),
    };
}
