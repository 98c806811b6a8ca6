using System.Collections.Concurrent;
using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Roles;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AgentSquad.Agents.Models;

/// <summary>
/// Calls models: each try is reserved and settled in the ledger, has a time-out, and is repeated while that may help; a model that keeps failing
/// is left alone for a while, and the fallback model has its turn.
/// </summary>
internal sealed class ModelCaller(
    IModelClients clients, IBudgetLedger ledger, IOptions<AgentsOptions> options, TimeProvider time, ILogger<ModelCaller> logger)
{
    private readonly AgentsOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, ResiliencePipeline<ModelAnswer>> _pipelines = new(StringComparer.Ordinal);

    /// <summary>Asks the role's model, or the fallback.</summary>
    /// <exception cref="AgentException">There is no answer.</exception>
    public async Task<ModelAnswer> AskAsync(
        RoleSettings role, BudgetCall call, IReadOnlyList<ChatMessage> messages, ChatOptions asked, CancellationToken cancellationToken)
    {
        string[] models = [.. new[] { role.Model, _options.FallbackModel }.Where(model => model.Length > 0).Distinct()];
        for (var i = 0; ; i++)
        {
            try
            {
                return await AskAsync(models[i], role, call, messages, asked, cancellationToken);
            }
            catch (Exception e) when (e is ModelCallException or BrokenCircuitException)
            {
                if (i + 1 < models.Length)
                {
                    logger.LogWarning("{Model} did not answer for {Call}: {Problem} {Fallback} is asked instead.", models[i], call.Key, e.Message, models[i + 1]);
                    continue;
                }

                throw e is ModelCallException failure
                    ? new AgentException(failure.Message, failure) { IsTransient = failure.IsTransient }
                    : new AgentException("The model service keeps failing and is left alone for a moment.", e) { IsTransient = true };
            }
        }
    }

    private async Task<ModelAnswer> AskAsync(
        string model, RoleSettings role, BudgetCall call, IReadOnlyList<ChatMessage> messages, ChatOptions asked, CancellationToken cancellationToken)
    {
        // Tries follow one another, so they share a key: what a process that died left reserved is found by whoever tries next.
        return await _pipelines.GetOrAdd(model, Pipeline).ExecuteAsync(
            async stop => await PayAsync(model, role, call, messages, asked, stop), cancellationToken);
    }

    private async Task<ModelAnswer> PayAsync(
        string model, RoleSettings role, BudgetCall call, IReadOnlyList<ChatMessage> messages, ChatOptions asked, CancellationToken cancellationToken)
    {
        var price = _options.Prices.FirstOrDefault(price => string.Equals(price.Model, model, StringComparison.OrdinalIgnoreCase)) ?? new ModelPrice();
        var (mostInput, mostOutput) = (CallEstimate.MostInput(messages, asked), (long)role.MaxOutputTokens);
        var most = new Spending(price.Of(mostInput, mostOutput), mostInput + mostOutput);
        var reservation = await ledger.ReserveAsync(call, most, cancellationToken);
        // What cannot be known for sure is taken to have cost the most: the limit holds in any case.
        var actual = most;
        try
        {
            var response = await SendAsync(clients.For(model), messages, asked, cancellationToken);
            var (input, output) = (response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount);
            if (input >= 0 && output >= 0)
            {
                actual = new Spending(price.Of(input.Value, output.Value), input.Value + output.Value);
                Record(model, role, input.Value, output.Value, actual.Money);
            }

            if (actual.Tokens > most.Tokens) logger.LogWarning("{Model} reports more tokens for {Call} than it was allowed: {Tokens} of {Most}.", model, call.Key, actual.Tokens, most.Tokens);
            return IsWhole(response)
                ? new ModelAnswer(model, response, actual)
                : throw new ModelCallException("The model service's answer broke off or is empty.") { IsTransient = true, MayHaveCost = true };
        }
        catch (ModelCallException e)
        {
            AgentTelemetry.Failures.Add(1, new("gen_ai.request.model", model), new("agentsquad.transient", e.IsTransient));
            if (!e.MayHaveCost) actual = default;
            throw;
        }
        finally
        {
            await ledger.SettleAsync(reservation, actual, CancellationToken.None);
        }
    }

    private async Task<ChatResponse> SendAsync(IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions asked, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Timeout);
        try
        {
            return _options.Streaming
                ? await client.GetStreamingResponseAsync(messages, asked, patience.Token).ToChatResponseAsync(patience.Token)
                : await client.GetResponseAsync(messages, asked, patience.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (patience.IsCancellationRequested)
        {
            throw new ModelCallException($"The model did not answer within {_options.Timeout.TotalSeconds:0} s.") { IsTransient = true, MayHaveCost = true };
        }
        catch (Exception e)
        {
            // Each library has exceptions of its own; what our handler has read counts, the rest means an answer that cannot be read.
            for (var inner = e; inner is not null; inner = inner.InnerException)
            {
                if (inner is ModelCallException known) throw known;
            }

            throw new ModelCallException("The model service's answer broke off or cannot be read.", e) { IsTransient = true, MayHaveCost = true };
        }
    }

    private static bool IsWhole(ChatResponse response) =>
        response.FinishReason is not null && (response.Messages.Any(message => message.Contents.Count > 0) || response.FinishReason == ChatFinishReason.ContentFilter);

    private static void Record(string model, RoleSettings role, long input, long output, decimal money)
    {
        KeyValuePair<string, object?> ofModel = new("gen_ai.request.model", model), ofRole = new("agentsquad.role", role.Role.ToString());
        AgentTelemetry.Tokens.Add(input, ofModel, ofRole, new("gen_ai.token.type", "input"));
        AgentTelemetry.Tokens.Add(output, ofModel, ofRole, new("gen_ai.token.type", "output"));
        AgentTelemetry.Cost.Add((double)money, ofModel, ofRole);
    }

    private ResiliencePipeline<ModelAnswer> Pipeline(string model)
    {
        var builder = new ResiliencePipelineBuilder<ModelAnswer> { TimeProvider = time };
        if (_options.Attempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<ModelAnswer>
            {
                MaxRetryAttempts = _options.Attempts - 1,
                ShouldHandle = result => ValueTask.FromResult(result.Outcome.Exception is ModelCallException { IsTransient: true } e && !(e.RetryAfter > _options.LongestPause)),
                DelayGenerator = result => ValueTask.FromResult((result.Outcome.Exception as ModelCallException)?.RetryAfter),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.FirstPause,
                OnRetry = _ =>
                {
                    AgentTelemetry.Retries.Add(1, new KeyValuePair<string, object?>("gen_ai.request.model", model));
                    return ValueTask.CompletedTask;
                },
                MaxDelay = _options.LongestPause > TimeSpan.Zero ? _options.LongestPause : null,
            });
        }

        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<ModelAnswer>
        {
            ShouldHandle = result => ValueTask.FromResult(result.Outcome.Exception is ModelCallException { IsTransient: true, IsRateLimit: false }),
            FailureRatio = 0.8,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromSeconds(60),
            BreakDuration = _options.BreakDuration,
        }).Build();
    }
}

/// <summary>An answer and what it cost.</summary>
/// <param name="Model">The model that gave it.</param>
/// <param name="Response">The answer.</param>
/// <param name="Cost">What it cost.</param>
internal sealed record ModelAnswer(string Model, ChatResponse Response, Spending Cost);
