using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentSquad.Agents.Budgets;
using AgentSquad.Functions.Storage;
using Azure;
using Azure.Data.Tables;

namespace AgentSquad.Functions.Budgets;

/// <summary>One look at the ledger and one change of it: rows as they were read, and the transaction that counts only if they still are.</summary>
internal sealed class BudgetBook(TableClient table, string partition)
{
    private readonly Dictionary<string, (BudgetAccount Old, BudgetAccount New, ETag Tag)> _accounts = new(StringComparer.Ordinal);
    private (string Row, ETag Tag) _call;
    private BudgetReservation? _next;

    /// <summary>The reservation that is open for the call.</summary>
    public BudgetReservation? Open { get; private set; }

    /// <summary>Reads the reservation of a call.</summary>
    public async Task OpenAsync(BudgetCall call, CancellationToken cancellationToken)
    {
        var row = Row("call", $"{call.InstanceId}|{call.Key}");
        var entity = await FindAsync(row, cancellationToken);
        _call = (row, entity?.ETag ?? default);
        _next = Open = entity is null ? null : JsonSerializer.Deserialize<BudgetReservation>(entity.GetString("Reservation"), SquadJson.Options);
    }

    /// <summary>Reads an account.</summary>
    public async Task<(BudgetAccount Account, ETag Tag)> ReadAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(Row("account", name), cancellationToken) is { } entity ? (Read(entity), entity.ETag) : (new BudgetAccount(), default);

    /// <summary>Changes an account.</summary>
    public async Task<BudgetAccount> ChangeAsync(string name, Func<BudgetAccount, BudgetAccount> change)
    {
        if (!_accounts.TryGetValue(name, out var entry))
        {
            var (old, tag) = await ReadAsync(name, CancellationToken.None);
            entry = (old, old, tag);
        }

        _accounts[name] = entry with { New = change(entry.New) };
        return _accounts[name].New;
    }

    /// <summary>Opens a reservation, or closes the one that is open.</summary>
    public BudgetReservation Put(BudgetReservation? reservation)
    {
        _next = reservation;
        return reservation!;
    }

    /// <summary>Writes all changes at once.</summary>
    /// <returns>False when something was changed by someone else meanwhile.</returns>
    public async Task<bool> CommitAsync(CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [.. _accounts.Where(entry => entry.Value.Old != entry.Value.New).Select(entry => Write(Entity(entry.Key, entry.Value.New), entry.Value.Tag))];
        if (_next != Open)
        {
            var row = new TableEntity(partition, _call.Row) { ["Reservation"] = _next is null ? "" : JsonSerializer.Serialize(_next, SquadJson.Options) };
            actions.Add(_next is null ? new TableTransactionAction(TableTransactionActionType.Delete, row, _call.Tag) : Write(row, _call.Tag));
        }

        if (actions.Count == 0) return true;
        try
        {
            await EnsureExists.RunAsync(
                () => table.SubmitTransactionAsync(actions, cancellationToken), () => table.CreateIfNotExistsAsync(cancellationToken));
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static TableTransactionAction Write(TableEntity entity, ETag tag) => tag == default
        ? new(TableTransactionActionType.Add, entity)
        : new(TableTransactionActionType.UpdateReplace, entity, tag);

    private async Task<TableEntity?> FindAsync(string row, CancellationToken cancellationToken)
    {
        try
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
            return found.HasValue ? found.Value : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            return null;
        }
    }

    // Money is text: a table knows no decimal numbers.
    private TableEntity Entity(string name, BudgetAccount account) => new(partition, Row("account", name))
    {
        ["Name"] = name,
        ["SpentMoney"] = Text(account.Spent.Money), ["SpentTokens"] = account.Spent.Tokens,
        ["ReservedMoney"] = Text(account.Reserved.Money), ["ReservedTokens"] = account.Reserved.Tokens,
        ["Extended"] = Text(account.Extended), ["Extensions"] = string.Join('\n', account.Extensions),
    };

    private static BudgetAccount Read(TableEntity entity) => new()
    {
        Spent = new(Money(entity, "SpentMoney"), entity.GetInt64("SpentTokens") ?? 0),
        Reserved = new(Money(entity, "ReservedMoney"), entity.GetInt64("ReservedTokens") ?? 0),
        Extended = Money(entity, "Extended"),
        Extensions = (entity.GetString("Extensions") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries),
    };

    private static string Text(decimal money) => money.ToString(CultureInfo.InvariantCulture);

    private static decimal Money(TableEntity entity, string name) => decimal.Parse(entity.GetString(name) ?? "0", CultureInfo.InvariantCulture);

    // Names hold characters that row keys must not.
    private static string Row(string kind, string name) => $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..40]}";
}
