using System.Text;
using System.Text.Json.Nodes;

namespace AgentSquad.Bench.Fuzz;

/// <summary>Makes hostile variants of webhooks, by a random source of the caller's, so that a seed tells the whole story.</summary>
internal static class Mutator
{
    private static readonly string[] Texts =
    [
        "", " ", "null", "true", "0", "-1", "999999999999999999999", "1e400", "\u0000", "\uFFFD\u202E", "../../../etc/passwd", "' OR 1=1 --", "<script>alert(1)</script>",
        "${jndi:ldap://127.0.0.1/x}", "%s%n%x", "/squad stop", "/squad approve", "agentsquad", "https://evil.example/rest/api/2/issue/1", "jira-00000000-1", "\r\nX-Injected: 1",
        "🦑🦑🦑", "A\u0301", new('x', 5000),
    ];

    /// <summary>Changes a few places of a JSON document; what comes out is JSON.</summary>
    public static byte[] Structure(JsonNode original, Random random)
    {
        var copy = original.DeepClone();
        for (var changes = random.Next(1, 5); changes > 0; changes--) ChangeOne(copy, random);
        return Encoding.UTF8.GetBytes(copy.ToJsonString());
    }

    /// <summary>Changes bytes; what comes out may be anything.</summary>
    public static byte[] Bytes(byte[] original, Random random)
    {
        var copy = original.ToList();
        for (var changes = random.Next(1, 8); changes > 0 && copy.Count > 0; changes--)
        {
            var at = random.Next(copy.Count);
            switch (random.Next(5))
            {
                case 0: copy[at] = (byte)random.Next(256); break;
                case 1: copy.RemoveRange(at, Math.Min(random.Next(1, 200), copy.Count - at)); break;
                case 2: copy.InsertRange(at, RandomBytes(random, random.Next(1, 40))); break;
                case 3: copy.InsertRange(at, copy.GetRange(at, Math.Min(random.Next(1, 400), copy.Count - at))); break;
                default: copy.RemoveRange(at, copy.Count - at); break;
            }
        }

        return [.. copy];
    }

    /// <summary>Nothing but noise.</summary>
    public static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A document that is nothing but depth.</summary>
    public static byte[] Deep(Random random)
    {
        var depth = random.Next(50, 20_000);
        return Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth));
    }

    /// <summary>Some odd text.</summary>
    public static string Text(Random random) => Texts[random.Next(Texts.Length)];

    private static void ChangeOne(JsonNode root, Random random)
    {
        var node = root;
        for (var depth = random.Next(1, 7); ; depth--)
        {
            switch (node)
            {
                case JsonObject { Count: > 0 } map:
                    var name = map.ElementAt(random.Next(map.Count)).Key;
                    if (depth > 1 && map[name] is JsonObject or JsonArray)
                    {
                        node = map[name]!;
                        continue;
                    }

                    Change(map, name, random);
                    return;
                case JsonArray { Count: > 0 } list:
                    var at = random.Next(list.Count);
                    if (depth > 1 && list[at] is JsonObject or JsonArray)
                    {
                        node = list[at]!;
                        continue;
                    }

                    list[at] = Value(random);
                    return;
                default:
                    return;
            }
        }
    }

    private static void Change(JsonObject map, string name, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                map.Remove(name);
                break;
            case 1:
                var value = map[name]?.DeepClone();
                map.Remove(name);
                map[name + Text(random)] = value;
                break;
            default:
                map[name] = Value(random);
                break;
        }
    }

    private static JsonNode? Value(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        3 => new JsonArray([.. Enumerable.Range(0, random.Next(0, 50)).Select(_ => (JsonNode?)JsonValue.Create(Text(random)))]),
        4 => new JsonObject { ["id"] = Text(random), ["key"] = Text(random) },
        _ => JsonValue.Create(Text(random)),
    };
}
