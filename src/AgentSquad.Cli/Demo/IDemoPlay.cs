using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Demo;

/// <summary>What is done with a demo's system once it runs.</summary>
internal interface IDemoPlay
{
    /// <summary>Settings of the function app on top of those that every demo has.</summary>
    IReadOnlyDictionary<string, string> AppSettings { get; }

    /// <summary>Accounts of the sandbox besides the reporter's and the squad's.</summary>
    IReadOnlyList<SandboxAccount> People { get; }

    /// <summary>Does it.</summary>
    /// <param name="system">The running system.</param>
    /// <param name="view">Where progress is shown.</param>
    /// <param name="cancellation">Stops it.</param>
    Task<DemoOutcome> PlayAsync(RunningSystem system, IProgressView view, CancellationToken cancellation);
}

/// <summary>What came of it.</summary>
/// <param name="Lines">What <c>--json</c> prints, one line each.</param>
/// <param name="Problems">What was not as it should be, one sentence each; empty when all is well.</param>
/// <param name="Ticket">Key of the ticket to look at first when everything is left running.</param>
/// <param name="InstanceId">Its run; null when there is none.</param>
internal sealed record DemoOutcome(IReadOnlyList<object> Lines, IReadOnlyList<string> Problems, string Ticket, string? InstanceId);
