using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>Signs a webhook body the way Jira does.</summary>
public static class WebhookSigner
{
    /// <summary>The value for <see cref="WebhookHeaders.Signature"/>: <c>sha256=</c> and lower-case hexadecimal digits.</summary>
    /// <param name="body">The raw bytes that are sent.</param>
    /// <param name="secret">The webhook's secret.</param>
    public static string Sign(ReadOnlySpan<byte> body, string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }
}
