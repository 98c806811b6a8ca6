using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Client;

/// <summary>Filters of queries and purges as conditions on an instance.</summary>
internal static class InstanceFilter
{
    public static Func<InstanceSnapshot, bool> For(OrchestrationQuery query)
    {
        var statuses = query.Statuses?.ToHashSet();
        return row => IsCreatedIn(row, query.CreatedFrom, query.CreatedTo)
            && (statuses is not { Count: > 0 } || statuses.Contains(row.Status))
            && (string.IsNullOrEmpty(query.InstanceIdPrefix) || row.InstanceId.StartsWith(query.InstanceIdPrefix, StringComparison.Ordinal));
    }

    public static Func<InstanceSnapshot, bool> For(PurgeInstancesFilter filter)
    {
        var statuses = filter.Statuses?.ToHashSet();
        return row => row.CompletedAt is not null
            && IsCreatedIn(row, filter.CreatedFrom, filter.CreatedTo)
            && (statuses is not { Count: > 0 } || statuses.Contains(row.Status));
    }

    public static Func<InstanceSnapshot, bool> ForEnded(
        IEnumerable<OrchestrationRuntimeStatus>? statuses, DateTimeOffset? from, DateTimeOffset? to)
    {
        var wanted = statuses?.ToHashSet();
        return row => row.CompletedAt is { } completedAt
            && (from is not { } first || completedAt >= first.UtcDateTime)
            && (to is not { } last || completedAt <= last.UtcDateTime)
            && (wanted is not { Count: > 0 } || wanted.Contains(row.Status));
    }

    private static bool IsCreatedIn(InstanceSnapshot row, DateTimeOffset? from, DateTimeOffset? to) =>
        (from is not { } first || row.CreatedAt >= first.UtcDateTime) && (to is not { } last || row.CreatedAt <= last.UtcDateTime);
}
