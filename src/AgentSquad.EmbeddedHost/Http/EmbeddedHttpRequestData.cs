using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>A request as functions see it.</summary>
internal sealed class EmbeddedHttpRequestData : HttpRequestData
{
    // As the Azure host names it.
    private const string KeyNameClaim = "http://schemas.microsoft.com/2017/07/functions/claims/keyid";

    private readonly HttpRequest _request;
    private IReadOnlyCollection<IHttpCookie>? _cookies;

    /// <param name="context">The invocation.</param>
    /// <param name="request">The server's request.</param>
    /// <param name="body">The body, seekable: what was read stays readable.</param>
    /// <param name="keyName">Name of the key that opened the function; null when none was asked for.</param>
    public EmbeddedHttpRequestData(FunctionContext context, HttpRequest request, Stream body, string? keyName = null)
        : base(context)
    {
        _request = request;
        Body = body;
        Method = request.Method;
        Url = new Uri(request.GetEncodedUrl());
        Headers = new HttpHeadersCollection(request.Headers.Select(header =>
            KeyValuePair.Create(header.Key, header.Value.OfType<string>())));
        Identities = keyName is null ? [] : [new ClaimsIdentity([new Claim(KeyNameClaim, keyName)])];
    }

    public override Stream Body { get; }

    public override HttpHeadersCollection Headers { get; }

    public override IReadOnlyCollection<IHttpCookie> Cookies =>
        _cookies ??= [.. _request.Cookies.Select(cookie => new HttpCookie(cookie.Key, cookie.Value))];

    public override Uri Url { get; }

    public override IEnumerable<ClaimsIdentity> Identities { get; }

    public override string Method { get; }

    public override HttpResponseData CreateResponse() => new EmbeddedHttpResponseData(FunctionContext);
}
