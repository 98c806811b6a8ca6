namespace Microsoft.DurableTask.Client;

/// <summary>Which instances a query returns; null means no restriction.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses.</param>
/// <param name="TaskHubNames">In one of these hubs; a client sees its own only.</param>
/// <param name="InstanceIdPrefix">Ids that begin like this.</param>
/// <param name="PageSize">Results per page. Default 100.</param>
/// <param name="FetchInputsAndOutputs">Whether payloads are included.</param>
/// <param name="ContinuationToken">Where to go on.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>Results per page unless a query says otherwise.</summary>
    public const int DefaultPageSize = 100;
}
