using System.Text;
using System.Text.Json;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Prompts;

/// <summary>Writes prompts: what the role is, what the step is, the rules, the form; then the material, fenced.</summary>
internal sealed class PromptWriter(SecretGuard guard)
{
    private static readonly string Rules = Texts.Read("Prompts/Rules.md");
    private static readonly string Form = Texts.Read("Prompts/Form.md");

    /// <summary>The messages of a step.</summary>
    /// <param name="role">Who acts.</param>
    /// <param name="step">Name of the step's file.</param>
    /// <param name="schema">JSON schema of the answer.</param>
    /// <param name="parts">The material.</param>
    /// <param name="contextTokens">Most tokens of all of it, by estimate.</param>
    /// <param name="fence">The fence of this prompt.</param>
    public IReadOnlyList<ChatMessage> Write(
        RoleSettings role, string step, JsonElement schema, IReadOnlyList<PromptPart> parts, int contextTokens, DataFence fence)
    {
        var system = string.Join(
            "\n\n",
            role.Text,
            Texts.Read($"Prompts/{step}.md").Trim(),
            Rules.Replace("{mark}", fence.Mark, StringComparison.Ordinal).Trim(),
            Form.Replace("{schema}", schema.GetRawText(), StringComparison.Ordinal).Trim());
        var left = Math.Max(500, contextTokens - ContextCut.Estimate(system) - (parts.Count * 40));
        var clean = parts.Select(part => part with { Text = guard.Clean(DataFence.Visible(part.Text)) }).ToList();
        var material = new StringBuilder();
        foreach (var part in ContextCut.Fit(clean, left)) material.Append(fence.Wrap(part.Source, part.Text)).Append("\n\n");
        material.Append("That was all of the material. Now do the step and answer in the form given above.");
        return [new ChatMessage(ChatRole.System, system), new ChatMessage(ChatRole.User, material.ToString())];
    }
}
