namespace AgentSquad.Agents.Models;

/// <summary>What one role does differently from its file; what is not set stays as the file has it.</summary>
public sealed class RoleOptions
{
    /// <summary>The role's model.</summary>
    public string? Model { get; set; }

    /// <summary>The role's temperature, 0 to 2.</summary>
    public float? Temperature { get; set; }

    /// <summary>Most tokens of the role's answers.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Tools that the role may use besides those in its file: <c>server/tool</c>, or <c>server/*</c> for all that only read.</summary>
    public IList<string> Tools { get; } = [];
}
