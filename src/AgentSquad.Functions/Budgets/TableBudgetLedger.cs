using AgentSquad.Agents;
using AgentSquad.Agents.Budgets;
using AgentSquad.Functions.Storage;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Budgets;

/// <summary>
/// The guarded ledger in a table. All accounts are in one partition, so that a reservation in several of them is one transaction; every row that
/// it read must be unchanged, or it is done anew. So several processes never exceed a limit together.
/// </summary>
internal sealed class TableBudgetLedger(StorageAccount account, IOptions<AgentsOptions> options, TimeProvider time) : IBudgetLedger, IDisposable
{
    private const string Partition = "ledger";
    private const int MostTries = 200;

    private readonly TableClient _table = account.Table(StorageNames.BudgetTable);

    // Within one process nobody has to find out about the others by a conflict.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <inheritdoc />
    public async Task<BudgetReservation> ReserveAsync(BudgetCall call, Spending most, CancellationToken cancellationToken)
    {
        BudgetRules.CheckCall(options.Value.Budget, most);
        var id = Guid.NewGuid().ToString("N");
        var accounts = BudgetRules.AccountsOf(call, time.GetUtcNow());
        return await ChangeAsync(call, async book =>
        {
            // A try whose answer was lost has done it already.
            if (book.Open?.Id == id) return book.Open;
            if (book.Open is { } orphan)
            {
                foreach (var name in orphan.Accounts) await book.ChangeAsync(name, old => BudgetRules.Settle(old, orphan.Most, orphan.Most));
            }

            var ticket = await book.ChangeAsync(BudgetRules.TicketAccount(call.InstanceId), old => old);
            foreach (var name in accounts) await book.ChangeAsync(name, old => BudgetRules.Reserve(options.Value.Budget, name, old, most, ticket.Extended));
            return book.Put(new BudgetReservation(call, id, most, accounts));
        }, cancellationToken);
    }

    /// <inheritdoc />
    public Task SettleAsync(BudgetReservation reservation, Spending actual, CancellationToken cancellationToken) => ChangeAsync(reservation.Call, async book =>
    {
        if (book.Open?.Id != reservation.Id) return false;
        foreach (var name in reservation.Accounts) await book.ChangeAsync(name, old => BudgetRules.Settle(old, reservation.Most, actual));
        book.Put(null);
        return true;
    }, cancellationToken);

    /// <inheritdoc />
    public async Task<BudgetAccount> ReadAccountAsync(string id, CancellationToken cancellationToken) =>
        (await new BudgetBook(_table, Partition).ReadAsync(id, cancellationToken)).Account;

    /// <inheritdoc />
    public Task ExtendAsync(IReadOnlyList<string> ids, string key, decimal amount, CancellationToken cancellationToken) => ChangeAsync(
        call: null,
        async book =>
        {
            foreach (var id in ids) await book.ChangeAsync(id, old => BudgetRules.Extend(old, key, amount));
            return true;
        },
        cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<T> ChangeAsync<T>(BudgetCall? call, Func<BudgetBook, Task<T>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var book = new BudgetBook(_table, Partition);
                if (call is not null) await book.OpenAsync(call, cancellationToken);
                var result = await change(book);
                if (await book.CommitAsync(cancellationToken)) return result;
                if (attempt == MostTries) throw new TimeoutException("The ledger of budgets is too busy.");
                await Task.Delay(Random.Shared.Next(5, 20 * Math.Min(attempt, 10)), cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
