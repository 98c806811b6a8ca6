using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Agents.Models;

/// <summary>
/// Reads what a service says below its library, alike for all of them: refusals with their Retry-After, errors within an answer that calls
/// itself successful, bodies that are no JSON. What it throws passes through the libraries.
/// </summary>
/// <param name="inner">Sends.</param>
/// <param name="time">For Retry-After as a date.</param>
/// <param name="speaksOldLimit">Whether the limit of an answer is sent under its older name <c>max_tokens</c>, which compatible servers know.</param>
internal sealed class ModelHttpHandler(HttpMessageHandler inner, TimeProvider time, bool speaksOldLimit) : DelegatingHandler(inner)
{
    private const int LargestAnswer = 32 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (speaksOldLimit && request.Content is not null) await RenameLimitAsync(request, cancellationToken);
        var response = await SendAnywayAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            using (response) throw Refused(response, time.GetUtcNow());
        }

        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") await CheckAsync(response, cancellationToken);
        return response;
    }

    private async Task<HttpResponseMessage> SendAnywayAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            var isUnsent = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw new ModelCallException("The model service did not answer.", e) { IsTransient = true, MayHaveCost = !isUnsent };
        }
        catch (SocketException e)
        {
            // From a connection that was closed while it was being opened: the client passes it on as it is, and nothing was sent.
            throw new ModelCallException("The model service did not answer.", e) { IsTransient = true, MayHaveCost = false };
        }
    }

    private static async Task RenameLimitAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content!;
        if (JsonNode.Parse(await content.ReadAsByteArrayAsync(cancellationToken)) is not JsonObject body || body["max_completion_tokens"] is not { } limit) return;
        body.Remove("max_completion_tokens");
        body["max_tokens"] = limit.DeepClone();
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
    }

    private static ModelCallException Refused(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = response.StatusCode;
        var number = (int)status;
        var isRateLimit = status == HttpStatusCode.TooManyRequests;
        var message = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                $"The model service refused the squad's key or right ({number}). Check Agents__ApiKey and what the key may use.",
            HttpStatusCode.NotFound => "The model service does not know the model or the address (404). Check Agents__Model and Agents__Endpoint.",
            HttpStatusCode.PaymentRequired => "The model service asks for payment (402). Check the account that Agents__ApiKey belongs to.",
            HttpStatusCode.RequestEntityTooLarge => "The question was too large for the model service (413). Lower Agents__ContextTokens.",
            HttpStatusCode.TooManyRequests => "The model service has too many requests (429).",
            _ when number >= 500 || status == HttpStatusCode.RequestTimeout => $"The model service has a problem ({number}).",
            _ => $"The model service did not accept the question ({number}). The log of the function app may have more; check Agents__Model and the role's settings.",
        };
        return new ModelCallException(message)
        {
            IsTransient = number >= 500 || isRateLimit || status is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict,
            IsRateLimit = isRateLimit,
            RetryAfter = RetryAfter(response, now),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and < 86_400_000)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        var header = response.Headers.RetryAfter;
        var pause = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellationToken);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("error", out var error) && error.ValueKind is not JsonValueKind.Null)
            {
                throw new ModelCallException("The model service reported an error in place of an answer.") { IsTransient = true };
            }
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            response.Dispose();
            throw new ModelCallException("The model service's answer broke off or cannot be read.", e) { IsTransient = true, MayHaveCost = true };
        }
        catch (ModelCallException)
        {
            response.Dispose();
            throw;
        }
    }
}
