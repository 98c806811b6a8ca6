using System.Diagnostics;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Core.Squad;
using Spectre.Console;

namespace AgentSquad.Cli.Demo;

/// <summary>One ticket from its creation to its delivery.</summary>
internal sealed class TicketPlay(DemoOptions options, IAnsiConsole console) : IDemoPlay
{
    private readonly DemoSettings _settings = DemoSettings.Read();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> AppSettings => _settings.AppSettings;

    /// <inheritdoc/>
    public IReadOnlyList<SandboxAccount> People => [];

    /// <inheritdoc/>
    public async Task<DemoOutcome> PlayAsync(RunningSystem system, IProgressView view, CancellationToken cancellation)
    {
        using var http = LocalHttp.Create();
        var tickets = new SandboxTickets(http, system.Sandbox!, SandboxAccount.Reporter);
        var client = new FunctionAppClient(http, AppAccess.Of(system.Describe()));
        var watch = Stopwatch.StartNew();
        var key = await tickets.CreateAsync(options.Ticket, _settings.TriggerLabel, cancellation);
        view.Done($"{key} created: {options.Ticket.Summary}");

        var run = await new RunFollower(client, view).FollowAsync(key, options.Timeout, cancellation);
        var duration = watch.ElapsedMilliseconds;
        var status = await tickets.GetStatusAsync(key, cancellation);
        var comments = await tickets.GetSquadCommentsAsync(key, cancellation);
        var result = new DemoResult(key, status, run?.RunStatus ?? "Pending", run?.InstanceId, duration, run?.Stages ?? [], comments);
        if (!options.Json) TicketPrinter.Print(console, options.Ticket, result);
        return new DemoOutcome([result], FindProblem(result, run) is { } problem ? [problem] : [], key, result.InstanceId);
    }

    private string? FindProblem(DemoResult result, TicketRun? run)
    {
        if (run is null) return $"No run was started for {result.Ticket} within {options.Timeout.TotalSeconds:0} s.";
        if (!run.HasEnded)
        {
            return $"The run has not ended after {options.Timeout.TotalSeconds:0} s: it is in {run.Stage}{(run.Detail is { Length: > 0 } detail ? $" ({detail})" : "")}.";
        }

        if (run.RunStatus != "Completed") return $"The run ended as {run.RunStatus}: {run.Failure ?? run.Detail ?? "no reason given"}.";
        if (run.Stage != StageNames.Deliver) return $"The run ended in {run.Stage}: {run.Detail ?? "no reason given"}.";
        return _settings.FinalStatus is { } final && !string.Equals(final, result.Status, StringComparison.OrdinalIgnoreCase)
            ? $"The run completed, but {result.Ticket} is in '{result.Status}' and not in '{final}'."
            : null;
    }
}
