using System.Globalization;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>The model of the storage answers what Azurite answers, request by request.</summary>
public sealed class MemoryStorageTests
{
    private const int Requests = 250;

    private static readonly string[] Names = ["log/1", "log/2", "checkpoint/1"];
    private static readonly string[] Leases = [Guid.NewGuid().ToString(), Guid.NewGuid().ToString()];
    private static readonly Dictionary<string, string> Owner = new() { ["owner"] = "one" };

    [Fact]
    public async Task Requests_InAnyOrder_AreAnsweredLikeAzurite()
    {
        var seed = Environment.TickCount;
        await using var real = await LogHub.CreateAsync();
        await real.Blobs.EnsureContainerAsync(CancellationToken.None);
        var model = new MemoryStorage();

        var expected = await PlayAsync(new Random(seed), real.Segments, real.Blobs);
        var actual = await PlayAsync(new Random(seed), model, model);

        for (var i = 0; i < Requests; i++)
        {
            Assert.True(expected[i] == actual[i], $"seed {seed}, request {i}: Azurite {expected[i]}, model {actual[i]}\n{string.Join('\n', expected.Take(i + 1))}");
        }
    }

    /// <summary>Makes random requests; the same seed makes the same ones.</summary>
    private static async Task<List<string>> PlayAsync(Random random, ISegmentStorage segments, IBlobStorage blobs)
    {
        var etags = new Dictionary<string, string>();
        List<string> answers = [];
        for (var i = 0; i < Requests; i++)
        {
            var (kind, name) = (random.Next(14), Names[random.Next(Names.Length)]);
            var lease = Leases[random.Next(Leases.Length)];
            var leaseOrNone = random.Next(2) == 0 ? lease : null;
            var (asSeen, behind) = (random.Next(2) == 0, random.Next(5) == 0 ? 1 : 0);
            var etag = asSeen ? etags.GetValueOrDefault(name) : null;
            string answer;
            try
            {
                answer = await RequestAsync(kind, name);
            }
            catch (HubStorageException refused)
            {
                answer = refused.Failure.ToString();
            }

            answers.Add($"{kind} {name} {(leaseOrNone is null ? "-" : "lease")} {(etag is null ? "-" : "etag")}: {answer}");

            async Task<string> RequestAsync(int request, string blob)
            {
                switch (request)
                {
                    case 0 or 1:
                        return segments.Create(blob, Owner) is null ? "taken" : "created";
                    case 2 or 3:
                        var length = segments.GetInfo(blob)?.Length ?? 0;
                        segments.Append(blob, new byte[] { 1, 2, 3 }, lease, length + behind);
                        return "appended";
                    case 4:
                        segments.AcquireLease(blob, lease, TimeSpan.FromSeconds(60), etag);
                        return "acquired";
                    case 5:
                        segments.RenewLease(blob, lease);
                        return "renewed";
                    case 6:
                        segments.ReleaseLease(blob, lease);
                        return "released";
                    case 7:
                        segments.BreakLease(blob, etag ?? segments.GetInfo(blob)?.ETag ?? "\"0x0\"");
                        return "broken";
                    case 8:
                        segments.SetMetadata(blob, Owner, etag, leaseOrNone);
                        return "named";
                    case 9:
                        segments.Delete(blob, etag);
                        return "deleted";
                    case 10:
                        return string.Join(',', segments.List("log/"));
                    case 11:
                        await blobs.DeleteAsync(blob, CancellationToken.None);
                        return "deleted";
                    case 12:
                        return await blobs.GetRangeAsync(blob, behind, 4, CancellationToken.None) is { } start ? Convert.ToHexString(start) : "nothing";
                    default:
                        var info = segments.GetInfo(blob);
                        if (info is null) return "nothing";
                        etags[blob] = info.ETag;
                        return string.Create(
                            CultureInfo.InvariantCulture, $"{info.Length} in {info.Blocks} {info.Leased} {string.Join(',', info.Metadata.Keys)}");
                }
            }
        }

        return answers;
    }
}
