using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Doctor;

/// <summary>Runs checks one after the other, each within a time limit.</summary>
internal sealed class CheckRunner(TimeSpan limit, IProgressView view)
{
    private readonly List<Finding> _findings = [];
    private readonly List<string> _notChecked = [];
    private readonly HashSet<string> _blocked = new(StringComparer.Ordinal);

    /// <summary>Everything that was found so far.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Checks that were left out because of an error before them.</summary>
    public IReadOnlyList<string> NotChecked => _notChecked;

    /// <summary>Adds a finding that was made elsewhere.</summary>
    public void Add(IEnumerable<Finding> findings) => _findings.AddRange(findings);

    /// <summary>Leaves out a whole group.</summary>
    public void LeaveOut(string group)
    {
        _blocked.Add(group);
        _notChecked.Add(group);
    }

    /// <summary>Runs checks.</summary>
    public async Task RunAsync(IEnumerable<DiagnosticCheck> checks, CancellationToken cancellation)
    {
        foreach (var check in checks)
        {
            if (_blocked.Contains(check.Group))
            {
                _notChecked.Add(check.Name);
                continue;
            }

            view.Now(check.Doing);
            var found = await RunAsync(check, cancellation);
            _findings.AddRange(found);
            if (check.IsGate && found.Any(finding => finding.Severity == FindingSeverity.Error)) _blocked.Add(check.Group);
        }
    }

    private async Task<IReadOnlyList<Finding>> RunAsync(DiagnosticCheck check, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            // A check that does not hear the token is left behind; the command ends soon after.
            return await check.RunAsync(stop.Token).WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [Finding.Error(
                check.Name,
                $"{check.Doing}: not done within {limit.TotalSeconds:0.#} s.",
                "Look at the network, a firewall that swallows packets, or a proxy; --timeout gives it longer.")];
        }
        catch (HttpRequestException exception)
        {
            return [Finding.Error(check.Name, $"{check.Doing}: no answer ({exception.HttpRequestError}).", "Check the address, the network and any proxy.")];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One check that breaks must not hide what the others find.
            return [Finding.Warning(check.Name, $"{check.Doing}: the check itself failed ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}).", "Please report this.")];
        }
    }
}
