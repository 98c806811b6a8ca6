using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Prompts;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using AgentSquad.Agents.Tools;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Models;

/// <summary>A question to a role.</summary>
/// <param name="Step">The step.</param>
/// <param name="Project">The project whose budget pays.</param>
/// <param name="Task">The task whose budget pays.</param>
/// <param name="Prompt">Name of the prompt's file.</param>
/// <param name="Parts">The material.</param>
internal sealed record Question(AgentStep Step, string Project, string Task, string Prompt, IReadOnlyList<PromptPart> Parts);

/// <summary>Asks for typed results: by schema, checked, repaired at most twice by showing the model what is wrong, then given up.</summary>
internal sealed class TypedQuestions(
    RoleCatalog roles, PromptWriter prompts, ModelCaller models, IToolboxes toolboxes, IAnswerStore answers, SecretGuard guard, TimeProvider time,
    IOptions<AgentsOptions> options, ILogger<TypedQuestions> logger)
{
    private const int MostRepairs = 2;
    private const int LongestQuote = 20_000;

    private static readonly JsonSerializerOptions Relaxed = new(AnswerSchema.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Asks.</summary>
    /// <param name="question">The question.</param>
    /// <param name="settle">Turns the answer into the step's result.</param>
    /// <param name="check">Says what is wrong with the result, in sentences for the model.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="AgentException">There is no usable answer.</exception>
    public async Task<TResult> AskAsync<TAnswer, TResult>(
        Question question, Func<TAnswer, TResult> settle, Func<TResult, IEnumerable<string>> check, CancellationToken cancellationToken)
        where TAnswer : class
        where TResult : class
    {
        var (role, step) = (roles[question.Step.Role], question.Step);
        using var span = AgentTelemetry.StartForRun($"step {question.Prompt}", step.Key.Split('/')[0]);
        span?.SetTag("agentsquad.instance", step.InstanceId).SetTag("agentsquad.step", step.Key).SetTag("agentsquad.role", step.Role.ToString());
        var fence = new DataFence();
        var schema = AnswerSchema.Of<TAnswer>();
        List<ChatMessage> messages = [.. prompts.Write(role, question.Prompt, schema, question.Parts, options.Value.ContextTokens, fence)];
        await using var toolbox = await toolboxes.OpenAsync(role, step, fence, cancellationToken);
        using var model = new StepChatClient(models, answers, guard, time, role, new BudgetCall(step.InstanceId, question.Project, question.Task, step.Key));
        using var client = new FunctionInvokingChatClient(model)
        {
            // One more to be told that there are no more, one to answer.
            MaximumIterationsPerRequest = options.Value.Mcp.MostCalls + 2,
            AllowConcurrentInvocation = false, IncludeDetailedErrors = false,
        };
        var asked = Options(role, schema, question.Prompt, toolbox);
        for (var repairs = 0; ; repairs++)
        {
            var response = await client.GetResponseAsync(messages, asked, cancellationToken);
            var (result, problem) = Judge(response, settle, check);
            if (result is not null) return result;
            if (repairs == MostRepairs || IsRefusal(response))
            {
                throw new AgentException($"The {RoleNames.Of(step.Role)}'s model gave no usable answer: {problem}");
            }

            AgentTelemetry.Repairs.Add(1, new KeyValuePair<string, object?>("agentsquad.role", step.Role.ToString()));
            logger.LogInformation("The answer of {Role} for {Step} has to be given again: {Problem}", step.Role, step.Key, guard.Clean(problem));
            var said = response.Text.Length > LongestQuote ? response.Text[..LongestQuote] : response.Text;
            messages.Add(new ChatMessage(ChatRole.Assistant, said.Length > 0 ? said : "(nothing)"));
            messages.Add(new ChatMessage(ChatRole.User, $"This answer cannot be used: {problem}\nGive the whole answer again, as one JSON object in the form given above."));
        }
    }

    private (TResult? Result, string Problem) Judge<TAnswer, TResult>(ChatResponse response, Func<TAnswer, TResult> settle, Func<TResult, IEnumerable<string>> check)
        where TAnswer : class
        where TResult : class
    {
        if (IsRefusal(response)) return (null, "it refused to answer.");
        if (response.FinishReason == ChatFinishReason.Length) return (null, "it was cut off at the limit of tokens; it has to be shorter.");
        if (AnswerSchema.Read<TAnswer>(response.Text, out var problem) is not { } answer) return (null, problem ?? "it is empty.");
        var result = settle(Clean(answer));
        var problems = check(result).Take(10).ToList();
        return problems.Count == 0 ? (result, "") : (null, string.Join(' ', problems));
    }

    // Escapes within JSON can hide a secret from the look at the raw text.
    private TAnswer Clean<TAnswer>(TAnswer answer)
        where TAnswer : class
    {
        var json = JsonSerializer.Serialize(answer, Relaxed);
        var clean = guard.Clean(json);
        return clean == json ? answer : AnswerSchema.Read<TAnswer>(clean, out _) ?? throw new AgentException("An answer held a secret that could not be taken out.");
    }

    private static bool IsRefusal(ChatResponse response) =>
        response.FinishReason == ChatFinishReason.ContentFilter || response.FinishReason?.Value is "refusal"
        || response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().Any()
        // OpenAI's library drops the words of a streamed refusal: what is left is an answer that ended by itself with nothing said.
        || (response.FinishReason == ChatFinishReason.Stop && response.Text.Length == 0);

    private static ChatOptions Options(RoleSettings role, JsonElement schema, string name, IToolbox toolbox) => new()
    {
        MaxOutputTokens = role.MaxOutputTokens,
        Temperature = role.Temperature,
        ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, $"{name}Answer"),
        Tools = toolbox.Tools.Count > 0 ? [.. toolbox.Tools] : null,
    };
}
