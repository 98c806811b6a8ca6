using AgentSquad.Agents;
using AgentSquad.Agents.Budgets;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Tests.Budgets;

[Collection(StorageTests.Name)]
public sealed class TableBudgetLedgerTests(StorageFixture storage)
{
    private static readonly Spending Cent10 = new(0.10m, 100);

    [Fact]
    public async Task Reserve_ManyAtOnceFromSeveralProcesses_NeverExceedsAnyLimit()
    {
        var account = storage.NewAccount();
        // Three ledgers stand for three processes: each knows only what is in the table.
        var options = Options(budget => (budget.PerTicket, budget.PerProject, budget.PerDay) = (1.00m, 1.50m, 1.20m));
        using TableBudgetLedger one = Ledger(account, options), two = Ledger(account, options), three = Ledger(account, options);
        TableBudgetLedger[] ledgers = [one, two, three];
        var granted = await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
        {
            try
            {
                return await ledgers[i % 3].ReserveAsync(Call($"t{i % 2}", $"c{i}"), Cent10, default);
            }
            catch (AgentException e) when (e.NeedsBudget)
            {
                return null;
            }
        }));
        var reservations = granted.OfType<BudgetReservation>().ToList();
        // The day allows 12 of the 30, whichever came first; two tickets could have had 10 each, the project 15.
        Assert.Equal(12, reservations.Count);
        Assert.All(reservations.GroupBy(reservation => reservation.Call.InstanceId), ticket => Assert.True(ticket.Count() <= 10));

        await Task.WhenAll(reservations.Select((reservation, i) => ledgers[i % 3].SettleAsync(reservation, new Spending(0.04m, 40), default)));
        BudgetAccount[] tickets = [await one.ReadAccountAsync(BudgetRules.TicketAccount("t0"), default), await two.ReadAccountAsync(BudgetRules.TicketAccount("t1"), default)];
        Assert.Equal(0.48m, tickets.Sum(ticket => ticket.Spent.Money));
        Assert.All(tickets, ticket => Assert.Equal(default, ticket.Reserved));
    }

    [Fact]
    public async Task Reserve_SameCallAfterTheProcessDied_CountsTheLostOneAsSpent()
    {
        using var ledger = Ledger(storage.NewAccount(), Options(budget => budget.PerTicket = 0.25m));
        await ledger.ReserveAsync(Call("t", "c"), Cent10, default);
        var second = await ledger.ReserveAsync(Call("t", "c"), Cent10, default);
        await ledger.SettleAsync(second, new Spending(0.01m, 10), default);
        await ledger.SettleAsync(second, new Spending(0.01m, 10), default);
        Assert.Equal(new Spending(0.11m, 110), (await ledger.ReadAccountAsync(BudgetRules.TicketAccount("t"), default)).Spent);
        Assert.Equal(default, (await ledger.ReadAccountAsync(BudgetRules.TicketAccount("t"), default)).Reserved);
    }

    [Fact]
    public async Task Extend_SameCommandTwice_AddsOnceAndLetsTheNextCallThrough()
    {
        using var ledger = Ledger(storage.NewAccount(), Options(budget => budget.PerTicket = 0.05m));
        var refused = await Assert.ThrowsAsync<AgentException>(() => ledger.ReserveAsync(Call("t", "c"), Cent10, default));
        Assert.Equal("The budget of this ticket does not allow the next step: 0.00 USD of 0.05 USD are spent or promised, and the step may take up to 0.10 USD.", refused.Message);
        await ledger.ExtendAsync([BudgetRules.TicketAccount("t")], "delivery-1", 2.00m, default);
        await ledger.ExtendAsync([BudgetRules.TicketAccount("t")], "delivery-1", 2.00m, default);
        Assert.Equal(2.00m, (await ledger.ReadAccountAsync(BudgetRules.TicketAccount("t"), default)).Extended);
        Assert.NotNull(await ledger.ReserveAsync(Call("t", "c"), Cent10, default));
    }

    [Fact]
    public async Task Extend_TicketOrShared_LiftsTheLimitsThatItIsFor()
    {
        using var ledger = Ledger(storage.NewAccount(), Options(budget => (budget.PerTask, budget.PerTicket, budget.PerProject, budget.PerDay) = (0.05m, 0.05m, 0.15m, 0.15m)));
        Assert.StartsWith("The budget of this task", (await RefusedAsync("c1")).Message, StringComparison.Ordinal);
        await ledger.ExtendAsync([BudgetRules.TicketAccount("t")], "d1", 1m, default);
        await ledger.ReserveAsync(Call("t", "c1"), Cent10, default);
        var refused = await RefusedAsync("c2");
        Assert.EndsWith("Only an operator can raise it (Agents__Budget__PerProject).", refused.Message, StringComparison.Ordinal);
        Assert.False(BudgetRules.CanExtend(refused.Message));
        await ledger.ExtendAsync([BudgetRules.ProjectAccount("https://x/TEST"), BudgetRules.DayAccount(TimeProvider.System.GetUtcNow())], "d2", 0.05m, default);
        Assert.NotNull(await ledger.ReserveAsync(Call("t", "c2"), Cent10, default));
        Assert.Contains("today", (await RefusedAsync("c3", "https://x/OTHER")).Message, StringComparison.Ordinal);

        Task<AgentException> RefusedAsync(string key, string project = "https://x/TEST") =>
            Assert.ThrowsAsync<AgentException>(() => ledger.ReserveAsync(Call("t", key) with { Project = project }, Cent10, default));
    }

    [Theory]
    [InlineData("one call", 0)]
    [InlineData("this task", 1)]
    [InlineData("this ticket", 2)]
    [InlineData("this project", 3)]
    [InlineData("today", 4)]
    public async Task Reserve_EachLimitOfTokens_Holds(string name, int limit)
    {
        using var ledger = Ledger(storage.NewAccount(), Options(budget => budget.Tokens = new TokenLimits
        {
            PerCall = limit == 0 ? 50 : null, PerTask = limit == 1 ? 50 : null, PerTicket = limit == 2 ? 50 : null, PerProject = limit == 3 ? 50 : null,
            PerDay = limit == 4 ? 50 : null,
        }));
        var refused = await Assert.ThrowsAsync<AgentException>(() => ledger.ReserveAsync(Call("t", "c"), Cent10, default));
        Assert.StartsWith($"The budget of {name} does not allow the next step: 0 tokens of 50 tokens", refused.Message, StringComparison.Ordinal);
    }

    private static BudgetCall Call(string instance, string key) => new(instance, "https://x/TEST", "T1", key);

    private static TableBudgetLedger Ledger(StorageAccount account, IOptions<AgentsOptions> options) => new(account, options, TimeProvider.System);

    private static IOptions<AgentsOptions> Options(Action<BudgetOptions> change)
    {
        var options = new AgentsOptions { Provider = AgentsProvider.OpenAI };
        change(options.Budget);
        return Microsoft.Extensions.Options.Options.Create(options);
    }
}
