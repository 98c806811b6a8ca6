using AgentSquad.Agents.Budgets;
using AgentSquad.Core.Squad;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Tests.Budgets;

public sealed class BudgetRulesTests
{
    private static readonly BudgetOptions Limits = new() { PerTask = 0.4m, PerTicket = 0.9m, PerProject = 1.4m, PerDay = 2.1m, Tokens = new() { PerDay = 1_900 } };

    // A life of a ledger: calls are reserved, settled at what they cost, or lost with their process; now and then a person extends.
    [Fact]
    public void Ledger_AnyOrderOfReservingSettlingAndDying_NeverExceedsALimit() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 30], Gen.Int[1, 30], Gen.Int[0, 100]).Array[1, 200].Sample(Live);

    [Theory]
    [InlineData(0.1, 0.1, 0.1, "")]
    [InlineData(0.8, 0.1, 0.1, " **The budget of this ticket is nearly used up.**")]
    [InlineData(0.1, 1.2, 0.1, " **The budget of this project is nearly used up.**")]
    [InlineData(0.1, 0.1, 1.7, " **Today's budget is nearly used up.**")]
    [InlineData(0.8, 1.2, 1.7, " **The budget of this ticket is nearly used up.** **The budget of this project is nearly used up.** **Today's budget is nearly used up.**")]
    public void Describe_NearALimit_Warns(double ticket, double project, double day, string warning) =>
        Assert.EndsWith($" of 0.90 USD, 10 tokens.{warning}", BudgetRules.Describe(Limits, Account(ticket), Account(project), Account(day)), StringComparison.Ordinal);

    [Fact]
    public void Reserve_TokensOfTheTicket_GrowWithWhatAnExtensionBuys()
    {
        var options = new AgentsOptions();
        new AgentsOptionsSetup(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Agents:Provider"] = "OpenAI", ["Agents:Prices:0:Model"] = "a", ["Agents:Prices:0:Input"] = "2", ["Agents:Prices:0:Output"] = "8",
            ["Agents:Budget:Tokens:PerTicket"] = "1000",
        }).Build()).Configure(options);
        var id = BudgetRules.TicketAccount("t");
        var most = new Spending(0.01m, 400_000);
        var refused = Assert.Throws<AgentException>(() => BudgetRules.Reserve(options.Budget, id, new BudgetAccount(), most));
        Assert.True(BudgetRules.CanExtend(refused.Message));
        var extended = BudgetRules.Extend(new BudgetAccount(), "d", 1.00m);
        // One unit buys half a million tokens at the cheapest price.
        Assert.Equal(501_000, BudgetRules.TicketTokens(options.Budget, extended));
        Assert.Equal(most, BudgetRules.Reserve(options.Budget, id, extended, most).Reserved);
    }

    private static void Live((int Deed, int Ticket, int Key, int Cents, int Share)[] deeds)
    {
        var ledger = new MemoryBudgetLedger(Options.Create(new AgentsOptions { Budget = Limits }), TimeProvider.System);
        var open = new List<BudgetReservation>();
        var bills = new List<(BudgetReservation For, Spending Cost)>();
        var extended = 0m;
        foreach (var (deed, ticket, key, cents, share) in deeds)
        {
            var most = new Spending(cents / 100m, cents * 10);
            if (deed == 3)
            {
                if (share > 5 || ticket > 0) continue;
                ledger.ExtendAsync([BudgetRules.TicketAccount("t0")], $"{key}", 0.1m, default).Wait();
                extended = ledger.ReadAccountAsync(BudgetRules.TicketAccount("t0"), default).Result.Extended;
            }
            else if (deed > 0 || open.Count == 0)
            {
                try
                {
                    var call = new BudgetCall($"t{ticket}", $"p{ticket % 2}", $"T{key % 3}", $"c{key}");
                    // Whatever an earlier try of the same call did, its provider may have billed it in full.
                    if (open.FirstOrDefault(other => other.Call == call) is { } lost)
                    {
                        open.Remove(lost);
                        bills.Add((lost, lost.Most));
                    }

                    open.Add(ledger.ReserveAsync(call, most, default).Result);
                }
                catch (AgentException e)
                {
                    Assert.True(e.NeedsBudget);
                }
            }
            else
            {
                var reservation = open[key % open.Count];
                open.Remove(reservation);
                var actual = new Spending(reservation.Most.Money * share / 100m, reservation.Most.Tokens * share / 100);
                ledger.SettleAsync(reservation, actual, default).Wait();
                bills.Add((reservation, actual));
            }
        }

        bills.AddRange(open.Select(reservation => (reservation, reservation.Most)));
        foreach (var account in bills.SelectMany(bill => bill.For.Accounts.Select(id => (Id: id, bill.Cost))).GroupBy(bill => bill.Id))
        {
            var limit = account.Key.Split('|')[0] switch
            {
                "task" => Limits.PerTask + (account.Key.Contains("|t0|", StringComparison.Ordinal) ? extended : 0),
                "ticket" => Limits.PerTicket + (account.Key.EndsWith("|t0", StringComparison.Ordinal) ? extended : 0),
                "project" => Limits.PerProject,
                _ => Limits.PerDay,
            };
            Assert.True(account.Sum(bill => bill.Cost.Money) <= limit, $"{account.Key} has cost {account.Sum(bill => bill.Cost.Money)} of {limit}.");
            Assert.True(!account.Key.StartsWith("day", StringComparison.Ordinal) || account.Sum(bill => bill.Cost.Tokens) <= Limits.Tokens.PerDay);
        }
    }

    private static BudgetAccount Account(double money) => new() { Spent = new((decimal)money, 10) };
}
