using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Budgets;

/// <summary>A ledger in memory: for one process, and gone with it. The function app has one on its storage account instead.</summary>
internal sealed class MemoryBudgetLedger(IOptions<AgentsOptions> options, TimeProvider time) : IBudgetLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BudgetAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BudgetReservation> _open = new(StringComparer.Ordinal);

    public Task<BudgetReservation> ReserveAsync(BudgetCall call, Spending most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = $"{call.InstanceId}|{call.Key}";
            BudgetRules.CheckCall(options.Value.Budget, most);
            if (_open.Remove(key, out var orphan)) Settle(orphan, orphan.Most);
            var ids = BudgetRules.AccountsOf(call, time.GetUtcNow());
            var extended = Account(BudgetRules.TicketAccount(call.InstanceId)).Extended;
            var changed = ids.Select(id => (id, Account: BudgetRules.Reserve(options.Value.Budget, id, Account(id), most, extended))).ToList();
            foreach (var (id, account) in changed) _accounts[id] = account;
            return Task.FromResult(_open[key] = new BudgetReservation(call, Guid.NewGuid().ToString("N"), most, ids));
        }
    }

    public Task SettleAsync(BudgetReservation reservation, Spending actual, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = $"{reservation.Call.InstanceId}|{reservation.Call.Key}";
            if (!_open.TryGetValue(key, out var open) || open.Id != reservation.Id) return Task.CompletedTask;
            _open.Remove(key);
            Settle(reservation, actual);
            return Task.CompletedTask;
        }
    }

    public Task<BudgetAccount> ReadAccountAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(Account(id));
    }

    public Task ExtendAsync(IReadOnlyList<string> ids, string key, decimal amount, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var id in ids) _accounts[id] = BudgetRules.Extend(Account(id), key, amount);
            return Task.CompletedTask;
        }
    }

    private BudgetAccount Account(string id) => _accounts.GetValueOrDefault(id) ?? new BudgetAccount();

    private void Settle(BudgetReservation reservation, Spending actual)
    {
        foreach (var id in reservation.Accounts) _accounts[id] = BudgetRules.Settle(Account(id), reservation.Most, actual);
    }
}
