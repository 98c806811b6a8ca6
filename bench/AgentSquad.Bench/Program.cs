using System.CommandLine;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.Cost;
using AgentSquad.Bench.Engine;
using AgentSquad.Bench.Fuzz;
using AgentSquad.Bench.Proof;
using AgentSquad.Bench.Soak;
using AgentSquad.Bench.Waiting;
using AgentSquad.Bench.Webhooks;
using AgentSquad.Bench.World;

var orchestrations = new Option<int>("--orchestrations") { Description = "Orchestrations started at once.", DefaultValueFactory = _ => 1000 };
var activities = new Option<int>("--activities") { Description = "Sequential no-op activities in each.", DefaultValueFactory = _ => 5 };
var waiting = new Option<int>("--waiting") { Description = "Instances that wait for an event, for memory and restart.", DefaultValueFactory = _ => 10_000 };
var idle = new Option<int>("--idle-runs") { Description = "Orchestrations run one at a time.", DefaultValueFactory = _ => 200 };
var steps = new Option<int>("--steps") { Description = "Steps of the long orchestrations, measured beside those of ten.", DefaultValueFactory = _ => 1000 };
var brief = new Option<bool>("--short") { Description = "A few seconds, to see that everything works; takes its own small numbers." };
var json = new Option<bool>("--json") { Description = "Print one JSON object as the last line." };
foreach (var count in (Option<int>[])[orchestrations, activities, waiting, idle, steps])
{
    count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1) result.AddError($"{count.Name} takes a number from 1.");
    });
}

const double RawSeconds = 3;
var engine = new Command("engine", "Measures the embedded host's engine on an Azurite of its own.")
{
    orchestrations, activities, waiting, idle, steps, brief, json,
};
engine.SetAction((parsed, cancellation) => EngineBench.RunAsync(
    parsed.GetValue(brief)
        ? EngineBenchSettings.Short
        : new EngineBenchSettings(
            parsed.GetValue(orchestrations), parsed.GetValue(activities), parsed.GetValue(waiting), parsed.GetValue(idle), parsed.GetValue(steps),
            RawSeconds),
    parsed.GetValue(json), cancellation));

return await new RootCommand("Benchmarks of AgentSquad. Figures are of this machine and this run; compare ratios, not runs.")
{
    engine,
    ChaosCommand.Create(),
    WebhooksCommand.Create(),
    WebhooksCommand.CreateBare(),
    FuzzCommand.Create(),
    WaitingBench.Create(),
    SoakBench.Create(),
    TicketCostBench.Create(),
    ProofCommand.Create(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Proofs.CleanUpTime });
