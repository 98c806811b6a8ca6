using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>The function app on this machine: the running system's, else the one that the settings would start.</summary>
internal static class LocalApp
{
    /// <summary>The setting with its port.</summary>
    public const string PortSetting = "EmbeddedHost__Port";

    /// <summary>Its port unless told otherwise.</summary>
    public const int DefaultPort = 7071;

    /// <summary>Its address.</summary>
    /// <exception cref="CliException">The port is none.</exception>
    public static Uri AddressOf(SystemFile? system, SquadSettings settings)
    {
        if (system?.FunctionApp is { } running) return new Uri(running);
        if (settings.FindText(PortSetting) is not { } port) return new Uri($"http://127.0.0.1:{DefaultPort}");
        return ushort.TryParse(port, out var number)
            ? new Uri($"http://127.0.0.1:{number}")
            : throw new CliException($"{PortSetting} is no port: set it to a number from 1 to 65535, or remove it for {DefaultPort}.");
    }
}
