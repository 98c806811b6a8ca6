using System.Globalization;
using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>A plan while it is being made: numbers the tasks and knows what has to come before what.</summary>
internal sealed class PlanDraft(PlanRequest request, TicketReading reading, IReadOnlyList<string> criteria, int complexity)
{
    // What each building role needs to be there first, when the plan has it.
    private static readonly Dictionary<SquadRole, SquadRole[]> Needs = new()
    {
        [SquadRole.DataScientist] = [SquadRole.DataEngineer],
        [SquadRole.MlEngineer] = [SquadRole.DataEngineer, SquadRole.DataScientist],
        [SquadRole.AiEngineer] = [SquadRole.DataEngineer],
        [SquadRole.BackendDeveloper] = [SquadRole.DataEngineer, SquadRole.MlEngineer, SquadRole.AiEngineer],
        [SquadRole.FrontendDeveloper] = [SquadRole.BackendDeveloper],
        [SquadRole.DevOpsEngineer] = [],
    };

    private readonly List<PlannedTask> _tasks = [];
    private readonly List<string> _preparation = [];

    public PlanRequest Request => request;

    public TicketReading Reading => reading;

    public IReadOnlyList<string> Criteria => criteria;

    public int Complexity => complexity;

    public IReadOnlyList<PlannedTask> Tasks => _tasks;

    /// <summary>The last task of the preparation chain: each preparing task reads what the one before found.</summary>
    public IReadOnlyList<string> Preparation() => _tasks.Count == 0 ? [] : [_tasks[^1].Id];

    /// <summary>Ends the preparation: builders start when its last task is done.</summary>
    public void EndPreparation() => _preparation.AddRange(Preparation());

    /// <summary>What has to be done before a builder starts.</summary>
    public IReadOnlyList<string> Before(SquadRole role)
    {
        var needed = _tasks.Where(task => Needs.GetValueOrDefault(role, []).Contains(task.Role)).Select(task => task.Id).ToList();
        return needed.Count > 0 ? needed : _preparation;
    }

    public void Add(
        SquadRole role, string title, string description, IReadOnlyList<string> dependsOn, IReadOnlyList<string>? acceptanceCriteria = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"T{_tasks.Count + 1}");
        var covered = acceptanceCriteria ?? [];
        var own = covered.Count > 0 ? covered : [RoleGuides.OwnCriterion(role)];
        _tasks.Add(new(id, title, description, role, own, dependsOn, EstimateRules.Of(role, covered.Count, complexity, request.Triage.Verdict)));
    }
}
