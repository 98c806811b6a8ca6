using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>Checks the HMAC-SHA256 that Jira puts into <see cref="WebhookHeaders.Signature"/>.</summary>
public static class WebhookSignature
{
    private const string Scheme = "sha256=";

    /// <summary>
    /// Whether the header is the signature of the body under one of the secrets. Fails closed: no header or no secret means false. The
    /// comparison takes the same time wherever a wrong signature differs, and every secret is tried.
    /// </summary>
    /// <param name="body">The raw bytes as received.</param>
    /// <param name="header">Value of the header, <c>sha256=</c> and 64 hexadecimal digits; null when absent.</param>
    /// <param name="secrets">Secrets in use, normally the current and the previous one; null and empty ones do not count.</param>
    public static bool Verify(ReadOnlySpan<byte> body, string? header, params ReadOnlySpan<string?> secrets)
    {
        if (header is null) return false;
        var value = header.AsSpan().Trim();
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var digits = value[Scheme.Length..];
        if (digits.Length != HMACSHA256.HashSizeInBytes * 2) return false;

        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(digits, claimed, out _, out _) != System.Buffers.OperationStatus.Done) return false;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var valid = false;
        foreach (var secret in secrets)
        {
            if (string.IsNullOrEmpty(secret)) continue;
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, expected);
            valid |= CryptographicOperations.FixedTimeEquals(expected, claimed);
        }

        return valid;
    }
}
