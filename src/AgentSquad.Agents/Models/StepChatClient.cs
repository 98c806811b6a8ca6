using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Models;

/// <summary>
/// The model as one step of a run sees it. The first, second, and so on answer of the step has a key of its own; what is stored under it is used,
/// and a new answer is stored before anyone sees it, without its secrets.
/// </summary>
internal sealed class StepChatClient(ModelCaller models, IAnswerStore answers, SecretGuard guard, TimeProvider time, RoleSettings role, BudgetCall step) : IChatClient
{
    private int _number;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var key = $"{step.Key}/answers/{Interlocked.Increment(ref _number)}";
        if (await answers.FindAsync<StoredAnswer>(step.InstanceId, key, cancellationToken) is { } stored) return stored.Read();
        var answer = await models.AskAsync(role, step with { Key = key }, [.. messages], options ?? new ChatOptions(), cancellationToken);
        foreach (var text in answer.Response.Messages.SelectMany(message => message.Contents).OfType<TextContent>()) text.Text = guard.Clean(text.Text);
        // It is paid for: whoever cancels now shall still find it.
        await answers.SaveAsync(step.InstanceId, key, StoredAnswer.Of(answer.Model, answer.Cost, time.GetUtcNow(), answer.Response), CancellationToken.None);
        return answer.Response;
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) && serviceKey is null ? this : null;

    public void Dispose()
    {
        // Holds nothing of its own.
    }
}
