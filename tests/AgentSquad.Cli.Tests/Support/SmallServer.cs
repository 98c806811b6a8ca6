using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AgentSquad.Cli.Tests.Support;

/// <summary>A server that answers each request by a function of its first line, over http or over https with a certificate that nobody trusts.</summary>
internal sealed class SmallServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;

    /// <param name="answer">From the first line, such as <c>GET / HTTP/1.1</c>, to status line, headers and body.</param>
    /// <param name="tls">Whether to speak TLS.</param>
    public SmallServer(Func<string, string> answer, bool tls = false)
    {
        _answer = answer;
        if (tls)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=elsewhere.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
            _certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }

        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port.</summary>
    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>An answer with a body.</summary>
    public static string Answer(string status, string contentType, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
        _certificate?.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client);
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that goes away is what some tests are about.
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        await using Stream plain = client.GetStream();
        await using var stream = _certificate is null ? plain : new SslStream(plain);
        if (stream is SslStream tls) await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        var buffer = new byte[16 * 1024];
        var read = await stream.ReadAsync(buffer, _stop.Token);
        var line = Encoding.UTF8.GetString(buffer, 0, read).Split('\n')[0].Trim();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer(line)), _stop.Token);
    }
}
