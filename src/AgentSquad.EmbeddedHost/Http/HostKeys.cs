using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>The keys of a function app and what each opens.</summary>
internal sealed class HostKeys(string masterKey, IReadOnlyDictionary<string, string> functionKeys, IReadOnlyDictionary<string, string> systemKeys)
{
    /// <summary>Name of the system key that opens the durable management endpoints.</summary>
    public const string DurableSystemKey = "durabletask_extension";

    /// <summary>The master key.</summary>
    public string MasterKey => masterKey;

    /// <summary>Function keys by name.</summary>
    public IReadOnlyDictionary<string, string> FunctionKeys => functionKeys;

    /// <summary>System keys by name.</summary>
    public IReadOnlyDictionary<string, string> SystemKeys => systemKeys;

    /// <summary>New random keys.</summary>
    public static HostKeys Generate() => new(
        NewKey(),
        new Dictionary<string, string> { ["default"] = NewKey() },
        new Dictionary<string, string> { [DurableSystemKey] = NewKey() });

    /// <summary>Whether a presented key is the master key.</summary>
    public bool OpensAdmin(string? key) => Matches(key, [masterKey]);

    /// <summary>Whether a presented key is a function key or the master key.</summary>
    public bool OpensFunction(string? key) => Matches(key, [masterKey, .. functionKeys.Values]);

    /// <summary>Whether a presented key is the durable system key or the master key.</summary>
    public bool OpensDurable(string? key) => Matches(key, [masterKey, systemKeys.GetValueOrDefault(DurableSystemKey, "")]);

    /// <summary>Whether a presented key is any system key or the master key.</summary>
    public bool OpensSystem(string? key) => Matches(key, [masterKey, .. systemKeys.Values]);

    /// <summary>The name under which a presented key is kept, <c>master</c> for the master key; null when it is none of the keys.</summary>
    public string? NameOf(string? key) => functionKeys.Concat(systemKeys).Append(KeyValuePair.Create("master", masterKey))
        .Where(known => Matches(key, [known.Value])).Select(known => known.Key).FirstOrDefault();

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(40));

    // Hashes have one length and every key is compared: the time taken tells nothing.
    private static bool Matches(string? presented, IEnumerable<string> keys)
    {
        if (string.IsNullOrEmpty(presented)) return false;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        var matches = false;
        foreach (var key in keys.Where(key => key.Length > 0))
            matches |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return matches;
    }
}
