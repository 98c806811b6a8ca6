using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentSquad.TestSupport;

/// <summary>A real Azurite of one's own on free ports; stopped on dispose. Needs <c>npm ci</c> to have run at the top of the repository.</summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const string AccountName = "devstoreaccount1";

    // The account key that every Azurite ships with; public and documented.
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    // Azurite ends with the process that started it, however that ends: its standard input closes then.
    private const string EndWithParent = "process.stdin.resume(); process.stdin.on('end', () => process.exit()); require(process.argv[1])";

    // In memory every block is an extent of its own, and every ten minutes Azurite looks for those that nobody needs, in quadratic time and doing
    // nothing else: minutes once there are tens of thousands. On disk, where an installation has its data, extents are files and few.
    private const string WithoutSweeps =
        "for (const service of ['blob', 'queue']) require(process.argv[1].replace('azurite.js', service + '/utils/constants.js')).DEFAULT_GC_INTERVAL_MS = 0x7fffffff; ";

    private readonly Process _process;

    private AzuriteProcess(Process process, Uri blob, Uri queue, Uri table)
    {
        _process = process;
        BlobEndpoint = blob;
        QueueEndpoint = queue;
        TableEndpoint = table;
    }

    /// <summary>Blob endpoint without the account name.</summary>
    public Uri BlobEndpoint { get; }

    /// <summary>Queue endpoint without the account name.</summary>
    public Uri QueueEndpoint { get; }

    /// <summary>Table endpoint without the account name.</summary>
    public Uri TableEndpoint { get; }

    /// <summary>Process id, for tests that stop or kill it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>A connection string for all three services.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};" +
        $"BlobEndpoint={BlobEndpoint}{AccountName};QueueEndpoint={QueueEndpoint}{AccountName};TableEndpoint={TableEndpoint}{AccountName};";

    /// <summary>Starts Azurite and waits until its three services listen.</summary>
    /// <param name="location">Folder for its data; null keeps the data in memory.</param>
    /// <param name="blobPort">Blob port; 0 takes a free one.</param>
    /// <param name="queuePort">Queue port; 0 takes a free one.</param>
    /// <param name="tablePort">Table port; 0 takes a free one.</param>
    public static async Task<AzuriteProcess> StartAsync(string? location = null, int blobPort = 0, int queuePort = 0, int tablePort = 0)
    {
        var script = Path.Combine(RepositoryPaths.Root, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script)) throw new InvalidOperationException($"Azurite is not installed: run 'npm ci' in {RepositoryPaths.Root}.");

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] store = location is null ? ["--inMemoryPersistence"] : ["--location", location];
        foreach (var argument in (string[])
                 ["-e", location is null ? WithoutSweeps + EndWithParent : EndWithParent, script, .. store, "--skipApiVersionCheck", "--disableTelemetry", "--silent",
                  "--blobPort", $"{blobPort}", "--queuePort", $"{queuePort}", "--tablePort", $"{tablePort}"])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            using var timeout = new CancellationTokenSource(StartTimeout);
            var endpoints = new Dictionary<string, Uri>();
            while (endpoints.Count < 3)
            {
                var line = await process.StandardOutput.ReadLineAsync(timeout.Token)
                    ?? throw new InvalidOperationException("Azurite ended before it listened.");
                var match = Listening().Match(line);
                if (match.Success) endpoints[match.Groups["service"].Value] = new Uri(match.Groups["url"].Value);
            }

            // Read on, or a full pipe stops it. (The event-based reader refuses a stream that was read before.)
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new AzuriteProcess(process, endpoints["Blob"], endpoints["Queue"], endpoints["Table"]);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Stops the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at (?<url>\S+)")]
    private static partial Regex Listening();
}
