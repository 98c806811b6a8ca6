using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using SameSite = Microsoft.Azure.Functions.Worker.Http.SameSite;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>A response as functions fill it.</summary>
internal sealed class EmbeddedHttpResponseData(FunctionContext context) : HttpResponseData(context)
{
    // Named by HTTP itself; a copy of them would contradict what the server sends.
    private static readonly string[] ServerHeaders = ["Transfer-Encoding", "Connection", "Keep-Alive", "Content-Length"];

    private readonly ResponseCookies _cookies = new();

    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers { get; set; } = [];

    public override Stream Body { get; set; } = new MemoryStream();

    public override HttpCookies Cookies => _cookies;

    /// <summary>Sends a function's response.</summary>
    public static async Task SendAsync(HttpResponseData response, HttpResponse target, CancellationToken cancellationToken)
    {
        target.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (!ServerHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) target.Headers[name] = values.ToArray();
        }

        if (response is EmbeddedHttpResponseData own) own._cookies.AppendTo(target.Cookies);
        var body = response.Body;
        if (body.CanSeek)
        {
            body.Position = 0;
            if (MayHaveBody(target.StatusCode)) target.ContentLength = body.Length;
        }

        if (MayHaveBody(target.StatusCode)) await body.CopyToAsync(target.Body, cancellationToken);
    }

    private static bool MayHaveBody(int status) => status is >= 200 and not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    private sealed class ResponseCookies : HttpCookies
    {
        private readonly List<IHttpCookie> _cookies = [];

        public override void Append(string name, string value) => _cookies.Add(new HttpCookie(name, value));

        public override void Append(IHttpCookie cookie) => _cookies.Add(cookie);

        public override IHttpCookie CreateNew() => new HttpCookie("", "");

        public void AppendTo(IResponseCookies target)
        {
            foreach (var cookie in _cookies)
            {
                target.Append(cookie.Name, cookie.Value, new CookieOptions
                {
                    Domain = cookie.Domain,
                    Expires = cookie.Expires,
                    HttpOnly = cookie.HttpOnly ?? false,
                    MaxAge = cookie.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                    Path = cookie.Path ?? "/",
                    Secure = cookie.Secure ?? false,
                    SameSite = cookie.SameSite switch
                    {
                        SameSite.Lax => SameSiteMode.Lax,
                        SameSite.Strict => SameSiteMode.Strict,
                        SameSite.ExplicitNone => SameSiteMode.None,
                        _ => SameSiteMode.Unspecified,
                    },
                });
            }
        }
    }
}
