using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>Environments for children: built from nothing, or from this process's own.</summary>
internal static class ChildEnvironment
{
    // What a process needs to find its runtime, its home and its temporary folder. Nothing here can name a Jira site or hold a secret.
    private static readonly string[] Needed =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR", "TMP", "TEMP", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
        "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_CLI_HOME", "DOTNET_gcServer", "DOTNET_TieredPGO",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "ProgramData",
    ];

    /// <summary>Only what a process cannot run without.</summary>
    public static Dictionary<string, string> Minimal()
    {
        var own = SquadSettings.From(SquadSettings.ProcessEnvironment());
        return Needed.Where(name => own.Find(name) is not null).ToDictionary(name => name, name => own.Find(name)!);
    }

    /// <summary>Everything that this process has and what the settings files add, with local addresses exempt from any proxy.</summary>
    public static Dictionary<string, string> Whole(SquadSettings settings)
    {
        var own = SquadSettings.ProcessEnvironment().ToDictionary();
        var fromFiles = settings.StartingWith("").Where(s => !own.Keys.Contains(s.Key, StringComparer.OrdinalIgnoreCase)).ToList();
        foreach (var (name, value) in fromFiles) own[name] = value;
        foreach (var name in LocalHttp.ProxyExemptions) own[name] = LocalHttp.WithLocal(own.GetValueOrDefault(name));

        return own;
    }
}
