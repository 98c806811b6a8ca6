using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSquad.Bench.Fuzz;

/// <summary>Bodies that someone with the right secret might send: real webhooks, aimed at tickets of their own, and mutated.</summary>
internal static partial class SignedMutant
{
    // Texts that the corpus does not use for tickets; the ones that nobody may touch have small ids.
    private const int FirstId = 1_000_000;
    private const int LastId = 9_000_000;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 100_000, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Makes one.</summary>
    /// <param name="random">Decides what.</param>
    /// <param name="corpus">Bodies of real webhooks.</param>
    /// <param name="site">The site that the app knows.</param>
    /// <param name="bystander">Key of a ticket that some mutants name by its key, beside an id that is not its.</param>
    public static byte[] Make(Random random, IReadOnlyList<byte[]> corpus, string site, string bystander)
    {
        var original = corpus[random.Next(corpus.Count)];
        JsonNode node;
        try
        {
            node = JsonNode.Parse(original)!;
        }
        catch (JsonException)
        {
            return Mutator.Bytes(original, random);
        }

        Aim(node, site, bystander, random);
        return random.Next(10) switch
        {
            0 => Mutator.Bytes(Encoding.UTF8.GetBytes(node.ToJsonString()), random),
            1 => Mutator.Deep(random),
            _ => Mutator.Structure(node, random),
        };
    }

    /// <summary>Keeps every value that a mutant gives for its ticket's id, wherever a lenient or strict reader would look.</summary>
    public static void Note(byte[] body, ConcurrentDictionary<string, byte> named)
    {
        // A comment's address names its ticket, too.
        foreach (var address in TicketAddress().Matches(Encoding.UTF8.GetString(body)).Cast<Match>()) named[address.Groups["id"].Value] = 0;
        try
        {
            using var document = JsonDocument.Parse(body, Deep);
            foreach (var issue in Members(document.RootElement, "issue"))
            {
                foreach (var id in Members(issue, "id").Where(id => id.ValueKind is JsonValueKind.String or JsonValueKind.Number))
                {
                    if (TextOf(() => id.ToString()) is { } text) named[text] = 0;
                }
            }
        }
        catch (JsonException)
        {
            // It names nothing.
        }
    }

    private static IEnumerable<JsonElement> Members(JsonElement element, string name) =>
        element.ValueKind != JsonValueKind.Object ? []
        : element.EnumerateObject().Where(member => name.Equals(TextOf(() => member.Name), StringComparison.OrdinalIgnoreCase)).Select(member => member.Value);

    // Bytes that are no UTF-8 and halves of characters are valid to the parser, but no text.
    private static string? TextOf(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"/issue/(?<id>\d+)\b")]
    private static partial Regex TicketAddress();

    // At this site, now, and at a ticket that no other request is about; otherwise nearly all would be dropped at once.
    private static void Aim(JsonNode node, string site, string bystander, Random random)
    {
        if (node is not JsonObject root) return;
        root["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (root["issue"] is not JsonObject issue) return;
        var id = random.Next(FirstId, LastId).ToString(CultureInfo.InvariantCulture);
        (issue["id"], issue["self"]) = (id, $"{site}/rest/api/2/issue/{id}");
        if (random.Next(4) == 0) issue["key"] = bystander;
    }
}
