using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Demo;

/// <summary>
/// What a demo takes from the environment: the squad's policy (<c>Squad__*</c>) and nothing else, so that it cannot reach anything outside.
/// </summary>
/// <param name="TriggerLabel">Label of the demo's ticket.</param>
/// <param name="FinalStatus">Status that the ticket has to reach; null when the settings say that nothing is moved.</param>
/// <param name="AppSettings">The <c>Squad__*</c> settings, all spelled out.</param>
internal sealed record DemoSettings(string TriggerLabel, string? FinalStatus, IReadOnlyDictionary<string, string> AppSettings)
{
    private const string TriggerLabelName = "Squad__TriggerLabel";

    // Ordered as a run goes through them: the last one that moves the ticket decides where it ends.
    private static readonly (string Name, string Default)[] StatusNames =
    [
        ("Squad__StatusNames__Work", "In Progress"),
        ("Squad__StatusNames__Verify", "In Review"),
        ("Squad__StatusNames__Deliver", "Done"),
    ];

    /// <summary>Reads the settings of a demo from the process environment; settings files are left alone.</summary>
    public static DemoSettings Read() => Read(SquadSettings.From(SquadSettings.ProcessEnvironment()));

    /// <summary>Reads the settings of a demo.</summary>
    public static DemoSettings Read(SquadSettings settings)
    {
        var app = settings.StartingWith("Squad__").ToDictionary(StringComparer.OrdinalIgnoreCase);
        app.TryAdd(TriggerLabelName, "agentsquad");
        foreach (var (name, value) in StatusNames) app.TryAdd(name, value);
        var label = app[TriggerLabelName].Trim();
        if (label.Length == 0) throw new CliException($"{TriggerLabelName} is empty, so nothing would start the demo's run: unset it or name a label.");
        return new DemoSettings(label, StatusNames.Select(s => app[s.Name]).LastOrDefault(s => !string.IsNullOrWhiteSpace(s)), app);
    }
}
