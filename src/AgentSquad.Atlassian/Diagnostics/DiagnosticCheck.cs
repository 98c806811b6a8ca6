namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>One thing to check. It reports what is wrong as findings and throws only for what nobody foresaw.</summary>
/// <param name="Name">Name, such as <c>jira.token</c>; the first part names the group.</param>
/// <param name="Doing">What is being done, for people who wait, such as <c>Logging in to Jira</c>.</param>
/// <param name="RunAsync">Does it.</param>
public sealed record DiagnosticCheck(string Name, string Doing, Func<CancellationToken, Task<IReadOnlyList<Finding>>> RunAsync)
{
    /// <summary>Whether the rest of the group makes no sense once this has found an error.</summary>
    public bool IsGate { get; init; }

    /// <summary>The first part of the name: <c>jira</c> of <c>jira.token</c>.</summary>
    public string Group => Name.Split('.')[0];
}
