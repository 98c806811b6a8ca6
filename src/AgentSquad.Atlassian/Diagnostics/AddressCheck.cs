using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Whether an address leads to a server: its name, its port, its certificate.</summary>
public static class AddressCheck
{
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(14);

    /// <summary>Checks an address, one step after the other; the first that fails ends it.</summary>
    /// <param name="group">First part of the findings' names.</param>
    /// <param name="setting">The setting that holds the address.</param>
    /// <param name="address">An absolute http or https address.</param>
    /// <param name="time">The clock that certificates are held against.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(
        string group, string setting, Uri address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ProxyOf(address) is { } proxy)
        {
            return [Finding.Ok($"{group}.proxy", $"{address.Host} is reached through the proxy {proxy.Host}:{proxy.Port}.", setting)];
        }

        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellationToken);
        }
        catch (SocketException error)
        {
            return [Finding.Error(
                $"{group}.dns",
                $"The name {address.Host} does not resolve ({error.SocketErrorCode}).",
                $"Check the spelling of {setting}, this machine's DNS and VPN.",
                setting)];
        }

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(addresses, address.Port, cancellationToken);
        }
        catch (SocketException error)
        {
            return [Finding.Error(
                $"{group}.connection",
                $"Nothing takes connections at {address.Host}:{address.Port} ({error.SocketErrorCode}).",
                $"Check the port in {setting}, and whether the server runs and no firewall stands between.",
                setting)];
        }

        var reached = Finding.Ok($"{group}.address", $"{address.Host} resolves and takes connections on port {address.Port}.", setting);
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            return [reached, await TlsAsync(group, setting, address, stream, time, cancellationToken)];
        }

        return address.IsLoopback
            ? [reached]
            : [reached, Finding.Warning($"{group}.tls", $"{address.Host} is addressed with http: the token travels in the clear.", $"Use https in {setting}.", setting)];
    }

    private static async Task<Finding> TlsAsync(
        string group, string setting, Uri address, Stream stream, TimeProvider time, CancellationToken cancellationToken)
    {
        var check = $"{group}.tls";
        var seen = new Seen();
        using var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.DnsSafeHost,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        seen.Expires = (certificate as X509Certificate2)?.NotAfter.ToUniversalTime();
                        seen.Problem = ProblemOf(errors, certificate, chain);
                        return seen.Problem is null;
                    },
                },
                cancellationToken);
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            return seen.Problem is { } problem
                ? Finding.Error(
                    check,
                    $"The certificate of {address.Host} is not accepted: {problem}.",
                    "Add the company's certificate authority to this machine's trust store (SSL_CERT_FILE or SSL_CERT_DIR on Linux), or mend the server's certificate; check this machine's clock.",
                    setting)
                : Finding.Error(
                    check,
                    $"{address.Host}:{address.Port} does not speak TLS.",
                    $"Check scheme and port in {setting}: https needs the port that serves it.",
                    setting);
        }

        return seen.Expires - time.GetUtcNow().UtcDateTime < ExpiresSoon
            ? Finding.Warning(check, $"The certificate of {address.Host} expires on {seen.Expires:yyyy-MM-dd}.", "Tell who runs the server.", setting)
            : Finding.Ok(check, $"TLS to {address.Host} works ({tls.SslProtocol}).", setting);
    }

    private static string? ProblemOf(SslPolicyErrors errors, X509Certificate? certificate, X509Chain? chain)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "the server shows none";
        var problems = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) problems.Add($"it is for another name ({certificate?.Subject})");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null)
        {
            problems.AddRange(chain.ChainStatus.Select(status => $"{status.Status}").Distinct());
        }

        return string.Join(", ", problems);
    }

    // The system's proxy answers with the address itself where there is none.
    private static Uri? ProxyOf(Uri address) =>
        !HttpClient.DefaultProxy.IsBypassed(address) && HttpClient.DefaultProxy.GetProxy(address) is { } proxy && proxy != address ? proxy : null;

    /// <summary>What the handshake showed.</summary>
    private sealed class Seen
    {
        public string? Problem { get; set; }

        public DateTime? Expires { get; set; }
    }
}
