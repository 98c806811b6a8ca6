using System.Text.Json;
using AgentSquad.Bench.Proof;

namespace AgentSquad.EndToEnd.Tests.Proof;

/// <summary>docs/proof.md says what its records say, and what a record means.</summary>
public sealed class ProofPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-proof-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Page_InTheRepository_IsWhatItsRecordsMake()
    {
        var records = ProofRecord.ReadAll();
        Assert.Equal(records.Count > 0, File.Exists(ProofPage.File));
        if (records.Count == 0) return;

        var page = File.ReadAllText(ProofPage.File).ReplaceLineEndings("\n");
        Assert.True(ProofPage.Write(records) == page, "Write docs/proof.md anew: dotnet run --project bench/AgentSquad.Bench -c Release -- proof page");
        foreach (var (name, _) in ProofPlots.Of(records)) Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(ProofPage.File)!, "images", name)), name);
    }

    [Fact]
    public void Write_HitsAndMisses_TellsFigureCommandDateMachineAndTheReasonFromTheFigures()
    {
        var page = ProofPage.Write([Waiting(10_000, restartSeconds: 2), Waiting(20_000, restartSeconds: 12), Waiting(1_000, restartSeconds: 12)]);

        Assert.Contains("| Restart with waiting tickets | `waiting --tickets 10000` | 2 s with 10,000 waiting | 10 s | yes | 2026-01-02 | 2 cores |\n", page, StringComparison.Ordinal);
        Assert.Contains("| `waiting --tickets 20000` | 12 s with 20,000 waiting | 10 s | **no** |", page, StringComparison.Ordinal);
        Assert.Contains("- Restart with waiting tickets (`waiting --tickets 20000`): 0.6 ms for each of 20,000.\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("(`waiting --tickets 10000`)", page, StringComparison.Ordinal);
        // Fewer are a point of the curve and no claim.
        Assert.DoesNotContain("`waiting --tickets 1000`", page, StringComparison.Ordinal);
        Assert.Contains("| `chaos` | not measured | 0, 0, 0 | | | |\n", page, StringComparison.Ordinal);
        Assert.Contains("](images/proof-memory.png)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("proof-latency.png", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TenThousandAtOnce_IsComparedWithAThousand()
    {
        var page = ProofPage.Write([Engine(1_000, perSecond: 900), Engine(10_000, perSecond: 450)]);

        Assert.Contains("| Orchestrations of 5 activities, 1,000 at once | `engine --orchestrations 1000` | 900/s, 134 x |", page, StringComparison.Ordinal);
        Assert.Contains("| The same with 10,000 at once | `engine --orchestrations 10000` | 450/s with 10,000 at once | no slower than with 1,000 | **no** |", page, StringComparison.Ordinal);
        Assert.Contains("450/s against 900/s with 1,000, which is 50", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_TwoPoints_DrawsTheCurve()
    {
        ProofPlots.Save([Waiting(1_000, 1), Waiting(10_000, 1)], _folder.FullName);

        var picture = Assert.Single(_folder.GetFiles());
        Assert.Equal("proof-memory.png", picture.Name);
        Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(picture.FullName)[1..4]);
    }

    private static ProofRecord Waiting(int tickets, double restartSeconds) => Record($"waiting --tickets {tickets}", new
    {
        tickets, bytesPerTicket = 5_000, emptyBytes = 100 << 20, waitingBytes = (100 << 20) + (5_000 * tickets), restartSeconds, resumed = 100, resumeSeconds = 20, lost = 0,
    });

    private static ProofRecord Engine(int orchestrations, double perSecond) => Record($"engine --orchestrations {orchestrations}", new
    {
        orchestrationsPerSecond = perSecond, idleMedianMs = 6, smallAppendMedianMs = 1, idleAppendsPerOrchestration = 6, storageRequestsPerOrchestration = 1, bytesPerWaitingInstance = 1,
        restartSeconds = 1, processorMsPerOrchestration = 1, appendsPerSecond = 1, settings = new { orchestrations },
    });

    private static ProofRecord Record(string command, object result) => new(command, "2026-01-02", "2 cores", JsonSerializer.SerializeToElement(result));
}
