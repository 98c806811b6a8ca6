using System.Diagnostics;
using System.Globalization;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Webhooks;

/// <summary>Lets the storage stand still for a while: it neither answers nor refuses, which is the outage that is hardest to wait out.</summary>
internal static class StorageOutage
{
    // In a process of its own that nothing but its end stops: a storage that stands still notices no other end, not even that of its parent.
    private const string Script = "trap '' INT TERM HUP; exec >/dev/null 2>&1; kill -STOP \"$1\"; sleep \"$2\"; kill -CONT \"$1\"";

    /// <summary>Stops it and lets it go on.</summary>
    public static async Task RunAsync(LocalWorld world, TimeSpan length, CancellationToken cancellation)
    {
        var storage = world.Azurite.ProcessId.ToString(CultureInfo.InvariantCulture);
        using var outage = Process.Start("sh", ["-c", Script, "sh", storage, length.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)]);
        try
        {
            await outage.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!outage.HasExited)
            {
                outage.Kill(entireProcessTree: true);
                using var goOn = Process.Start("kill", ["-CONT", storage]);
                await goOn.WaitForExitAsync(CancellationToken.None);
            }
        }
    }
}
