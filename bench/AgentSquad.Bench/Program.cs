using System.CommandLine;
using AgentSquad.Bench.Engine;

var orchestrations = new Option<int>("--orchestrations") { Description = "Orchestrations started at once.", DefaultValueFactory = _ => 1000 };
var activities = new Option<int>("--activities") { Description = "Sequential no-op activities in each.", DefaultValueFactory = _ => 5 };
var waiting = new Option<int>("--waiting") { Description = "Instances that wait for an event, for memory and restart.", DefaultValueFactory = _ => 10_000 };
var json = new Option<bool>("--json") { Description = "Print one JSON object as the last line." };
foreach (var count in (Option<int>[])[orchestrations, activities, waiting])
{
    count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1) result.AddError($"{count.Name} takes a number from 1.");
    });
}

var engine = new Command("engine", "Measures the embedded host's engine on an Azurite of its own.") { orchestrations, activities, waiting, json };
engine.SetAction((parsed, cancellation) => EngineBench.RunAsync(
    new EngineBenchSettings(parsed.GetValue(orchestrations), parsed.GetValue(activities), parsed.GetValue(waiting)), parsed.GetValue(json),
    cancellation));

return await new RootCommand("Benchmarks of AgentSquad. Figures are of this machine and this run; compare ratios, not runs.") { engine }
    .Parse(args).InvokeAsync();
