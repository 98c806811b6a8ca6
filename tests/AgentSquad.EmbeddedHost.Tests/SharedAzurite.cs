using AgentSquad.TestSupport;

namespace AgentSquad.EmbeddedHost.Tests;

/// <summary>
/// The one Azurite of this test assembly, started by the first test that asks and stopped with the process. Tests keep apart by names:
/// every test takes a hub of its own from <see cref="NewHubName"/>.
/// </summary>
internal static class SharedAzurite
{
    private static readonly Lazy<Task<AzuriteProcess>> Instance = new(StartAsync);

    /// <summary>A connection string for it.</summary>
    public static async Task<string> ConnectionStringAsync() => (await Instance.Value).ConnectionString;

    /// <summary>The process itself, which no test stops.</summary>
    public static Task<AzuriteProcess> ProcessAsync() => Instance.Value;

    /// <summary>A hub name that no other test has.</summary>
    public static string NewHubName() => $"T{Guid.NewGuid():N}"[..20] + "Embedded";

    private static async Task<AzuriteProcess> StartAsync()
    {
        var azurite = await AzuriteProcess.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => azurite.DisposeAsync().AsTask().Wait();
        return azurite;
    }
}
