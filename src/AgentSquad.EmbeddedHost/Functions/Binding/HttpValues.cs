using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>The trigger parameter of an HTTP function.</summary>
internal static class HttpValues
{
    /// <summary>The request itself, its body as text or bytes, or its body read as JSON.</summary>
    public static ParameterBinder OfTrigger(Type type)
    {
        if (type.IsAssignableFrom(typeof(HttpRequestData))) return ParameterBinder.Of(RequestOf);
        if (type == typeof(string)) return new ParameterBinder(async context => await RequestOf(context).ReadAsStringAsync());
        if (type == typeof(byte[])) return new ParameterBinder(async context => (await BytesOf(context)).ToArray());
        if (type == typeof(BinaryData)) return new ParameterBinder(async context => await BytesOf(context));
        return new ParameterBinder(async context =>
        {
            var body = await BytesOf(context);
            return body.ToMemory().IsEmpty ? null : JsonValues.Read(context, body, type, "request body");
        });
    }

    private static HttpRequestData RequestOf(FunctionContext context) => context.Features.Get<HttpRequestData>()!;

    private static async ValueTask<BinaryData> BytesOf(FunctionContext context)
        => await BinaryData.FromStreamAsync(RequestOf(context).Body, context.CancellationToken);
}
