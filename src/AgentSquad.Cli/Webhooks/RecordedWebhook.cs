using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Cli.Webhooks;

/// <summary>A recorded webhook that is about to be sent: it can be given another time and another site.</summary>
internal sealed class RecordedWebhook
{
    private static readonly JsonSerializerOptions AsRecorded = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject? _payload;
    private readonly TicketEvent? _event;
    private byte[] _body;

    private RecordedWebhook(byte[] body)
    {
        _body = body;
        if (!WebhookParser.TryParse(body, out _event, out _)) return;
        _payload = JsonNode.Parse(body) as JsonObject;
    }

    /// <summary>The bytes to send: the recorded ones unless something was rewritten.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>The payload's site, without a trailing slash; null when it names none.</summary>
    public string? Site => _event?.Site;

    /// <summary>Reads a file. One that holds no Jira event can still be sent, as it is.</summary>
    public static RecordedWebhook Read(string file) => new(File.ReadAllBytes(file));

    /// <summary>Gives the event another time; returns false for a body that is no Jira event.</summary>
    public bool SetTimestamp(DateTimeOffset time)
    {
        if (_payload is null) return false;
        _payload["timestamp"] = time.ToUnixTimeMilliseconds();
        Write();
        return true;
    }

    /// <summary>Moves every address of the payload's site to another site; returns false when there is nothing to move.</summary>
    public bool MoveTo(string site)
    {
        if (_payload is null || Site is not { } from || from == site) return false;
        Move(_payload, from, site);
        Write();
        return true;
    }

    /// <summary>The ticket as the sandbox's seed route wants it: id, key and fields.</summary>
    /// <exception cref="CliException">The payload holds no ticket.</exception>
    public JsonObject TicketToSeed()
    {
        if (_payload?["issue"] is not JsonObject issue || issue["key"] is null || issue["fields"] is not JsonObject)
        {
            throw new CliException("The file holds no ticket to create (an issue with key and fields): send it without --seed.");
        }

        return new JsonObject { ["id"] = issue["id"]?.DeepClone(), ["key"] = issue["key"]!.DeepClone(), ["fields"] = issue["fields"]!.DeepClone() };
    }

    private static void Move(JsonNode node, string from, string to)
    {
        switch (node)
        {
            case JsonObject some:
                foreach (var (name, value) in some.ToList()) Replace(value, moved => some[name] = moved);
                break;
            case JsonArray many:
                for (var i = 0; i < many.Count; i++)
                {
                    var index = i;
                    Replace(many[i], moved => many[index] = moved);
                }

                break;
        }

        void Replace(JsonNode? value, Action<JsonNode> put)
        {
            if (value is JsonValue leaf && leaf.TryGetValue<string>(out var text))
            {
                if (IsUnder(text, from)) put(JsonValue.Create(to + text[from.Length..]));
            }
            else if (value is not null)
            {
                Move(value, from, to);
            }
        }
    }

    private static bool IsUnder(string text, string site) =>
        text.StartsWith(site, StringComparison.OrdinalIgnoreCase) && (text.Length == site.Length || text[site.Length] is '/' or '?');

    private void Write() => _body = Encoding.UTF8.GetBytes(_payload!.ToJsonString(AsRecorded));
}
