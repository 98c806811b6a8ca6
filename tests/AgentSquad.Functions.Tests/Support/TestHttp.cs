using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Moq;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>A request as a function gets it.</summary>
internal sealed class TestRequest : HttpRequestData
{
    public TestRequest(string method, byte[] body, params (string Name, string Value)[] headers)
        : base(Context())
    {
        Method = method;
        Body = new MemoryStream(body);
        foreach (var (name, value) in headers) Headers.TryAddWithoutValidation(name, value);
    }

    public override Stream Body { get; }

    public override HttpHeadersCollection Headers { get; } = [];

    public override IReadOnlyCollection<IHttpCookie> Cookies { get; } = [];

    public override Uri Url => Address;

    public Uri Address { get; init; } = new("http://127.0.0.1:7071/api/test");

    public override IEnumerable<ClaimsIdentity> Identities { get; } =
        [new ClaimsIdentity([new Claim("http://schemas.microsoft.com/2017/07/functions/claims/keyid", "operations")])];

    public override string Method { get; }

    public static FunctionContext Context()
    {
        var context = new Mock<FunctionContext>();
        context.SetupGet(c => c.CancellationToken).Returns(CancellationToken.None);
        return context.Object;
    }

    public override HttpResponseData CreateResponse() => new TestResponse(FunctionContext);
}

/// <summary>A response as a function gives it.</summary>
internal sealed class TestResponse(FunctionContext context) : HttpResponseData(context)
{
    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers { get; set; } = [];

    public override Stream Body { get; set; } = new MemoryStream();

    public override HttpCookies Cookies => throw new NotSupportedException("The app sets no cookies.");

    public static string Text(HttpResponseData response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
