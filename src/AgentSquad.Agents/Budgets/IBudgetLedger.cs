using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Budgets;

/// <summary>
/// The guarded ledger: before a call its highest possible cost is reserved, in one step with the check of every limit; afterwards it is settled
/// at what it did cost. Several processes may use one ledger.
/// </summary>
public interface IBudgetLedger
{
    /// <summary>Reserves.</summary>
    /// <param name="call">The call. A reservation that an earlier try of the same call left behind counts as spent: nobody knows better.</param>
    /// <param name="most">Its highest cost.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="AgentException">A limit would be exceeded; <see cref="AgentException.NeedsBudget"/> is set.</exception>
    Task<BudgetReservation> ReserveAsync(BudgetCall call, Spending most, CancellationToken cancellationToken);

    /// <summary>Settles a reservation; doing it again changes nothing.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="actual">What the call did cost.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task SettleAsync(BudgetReservation reservation, Spending actual, CancellationToken cancellationToken);

    /// <summary>What a ticket has cost.</summary>
    /// <param name="instanceId">Instance id of its runs.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<BudgetAccount> ReadAsync(string instanceId, CancellationToken cancellationToken) => ReadAccountAsync(BudgetRules.TicketAccount(instanceId), cancellationToken);

    /// <summary>What was spent of an account.</summary>
    /// <param name="id">Id of the account, such as <see cref="BudgetRules.ProjectAccount"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<BudgetAccount> ReadAccountAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds to the limits of accounts; the same key adds once.</summary>
    /// <param name="ids">Ids of the accounts.</param>
    /// <param name="key">Names who asked for it, such as the delivery.</param>
    /// <param name="amount">What to add.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task ExtendAsync(IReadOnlyList<string> ids, string key, decimal amount, CancellationToken cancellationToken);
}

/// <summary>A call of a model, as the ledger knows it.</summary>
/// <param name="InstanceId">Instance id of the run.</param>
/// <param name="Project">Site and key of the project.</param>
/// <param name="Task">The task within the ticket.</param>
/// <param name="Key">Deterministic key of the call within the run.</param>
public sealed record BudgetCall(string InstanceId, string Project, string Task, string Key);

/// <summary>A reservation.</summary>
/// <param name="Call">The call.</param>
/// <param name="Id">Tells this reservation from another one for the same call.</param>
/// <param name="Most">What is reserved.</param>
/// <param name="Accounts">Ids of the accounts that it is reserved in.</param>
public sealed record BudgetReservation(BudgetCall Call, string Id, Spending Most, IReadOnlyList<string> Accounts);

/// <summary>An account of the ledger. Never changed in place.</summary>
public sealed record BudgetAccount
{
    /// <summary>What was spent.</summary>
    public Spending Spent { get; init; }

    /// <summary>What calls that are under way may spend.</summary>
    public Spending Reserved { get; init; }

    /// <summary>What people added to the limit of money.</summary>
    public decimal Extended { get; init; }

    /// <summary>Keys of the extensions.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];
}
