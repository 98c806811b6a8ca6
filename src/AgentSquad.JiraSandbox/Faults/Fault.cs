using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>The request is answered with <see cref="Fault.Status"/> and not carried out; with <c>retryAfter</c> as header.</summary>
    Status,

    /// <summary>The request waits for <c>delayMilliseconds</c>, then goes its way, even when the caller has gone.</summary>
    Slow,

    /// <summary>The connection drops, the request is not carried out.</summary>
    DropBefore,

    /// <summary>The request is carried out, then the connection drops instead of an answer.</summary>
    DropAfter,

    /// <summary>The connection drops at once, the request is carried out <c>delayMilliseconds</c> later.</summary>
    Late,

    /// <summary>The login is refused, as with an expired or revoked token.</summary>
    ExpiredToken,

    /// <summary>The login is refused until somebody solves a captcha.</summary>
    Captcha,

    /// <summary>An account lacks a right until the fault is removed; <c>count</c> does not apply.</summary>
    Permission,

    /// <summary>503 with a page, as a Data Center whose set-up wizard was never finished.</summary>
    SetupUnfinished,
}

/// <summary>A switchable fault: which requests it meets, how often, and what it does to them.</summary>
internal sealed class Fault
{
    private static readonly IReadOnlyList<string> Permissions = [.. Actions.Permissions.Known.Keys, Confluence.Wiki.CreatePages];

    private readonly Regex _path;
    private int _skip;
    private int? _left;

    private Fault(string id, FaultKind kind, Regex path)
    {
        Id = id;
        Kind = kind;
        _path = path;
    }

    /// <summary>Number.</summary>
    public string Id { get; }

    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>HTTP method, or null for all.</summary>
    public string? Method { get; private init; }

    /// <summary>Pattern as it was given.</summary>
    public string Path { get; private init; } = "*";

    /// <summary>Status to answer.</summary>
    public int Status { get; private init; }

    /// <summary>Value of <c>Retry-After</c>, or null.</summary>
    public string? RetryAfter { get; private init; }

    /// <summary>How long to wait.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>Permission key.</summary>
    public string? Permission { get; private init; }

    /// <summary>Account that it is about, or null for all.</summary>
    public string? Account { get; private init; }

    /// <summary>How many requests it has met.</summary>
    public int Hits { get; private set; }

    /// <summary>Reads a fault: <c>{"kind","method","path","count","skip","status","retryAfter","delayMilliseconds","permission","account"}</c>.</summary>
    /// <exception cref="JiraRefusal">400: something in it is wrong.</exception>
    public static Fault Read(string id, JsonObject body)
    {
        string? Text(string name) => AdfText.String(body[name]);
        int? Number(string name) => Text(name) is not { } text ? null
            : int.TryParse(text, out var number) ? number : throw JiraRefusal.WrongField(name, $"'{text}' is no whole number.");
        if (!Enum.TryParse<FaultKind>(Text("kind"), ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
            throw JiraRefusal.WrongField("kind", $"Use one of: {string.Join(", ", Enum.GetNames<FaultKind>())}.");
        var path = Text("path") ?? "*";
        var pattern = "^" + Regex.Escape(path).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        var count = Number("count");
        if (kind == FaultKind.Permission && !Permissions.Contains(Text("permission") ?? ""))
            throw JiraRefusal.WrongField("permission", $"Use one of: {string.Join(", ", Permissions)}.");
        return new Fault(id, kind, new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
        {
            Method = Text("method")?.ToUpperInvariant(),
            Path = path,
            Status = Number("status") ?? 503,
            RetryAfter = Text("retryAfter"),
            Delay = TimeSpan.FromMilliseconds(Number("delayMilliseconds") ?? 1000),
            Permission = Text("permission"),
            Account = Text("account"),
            _skip = Number("skip") ?? 0,
            _left = count is null ? 1 : count < 0 ? null : count,
        };
    }

    /// <summary>Whether it meets this request; counts.</summary>
    public bool Meets(string method, string path)
    {
        if (Kind == FaultKind.Permission || _left == 0 || (Method is not null && Method != method) || !_path.IsMatch(path)) return false;
        if (_skip > 0)
        {
            _skip--;
            return false;
        }

        if (_left is not null) _left--;
        Hits++;
        return true;
    }

    /// <summary>The fault as the admin route shows it.</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id, ["kind"] = Kind.ToString(), ["method"] = Method, ["path"] = Path, ["status"] = Status, ["retryAfter"] = RetryAfter,
        ["delayMilliseconds"] = (int)Delay.TotalMilliseconds, ["permission"] = Permission, ["account"] = Account, ["hits"] = Hits, ["left"] = _left,
    };
}
