using System.CommandLine;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Webhooks;

/// <summary><c>webhooks</c>, and <c>bare</c>, which it starts.</summary>
internal static class WebhooksCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var rate = Proofs.Number("--rate", "Events per second.", 200);
        var seconds = Proofs.Number("--seconds", "How long at that rate.", 60);
        var outage = Proofs.Number("--outage", "Seconds that storage stands still in the middle of it.", 0, least: 0);
        var saturation = Proofs.Number("--saturation", "Seconds as fast as it goes.", 10);
        var warm = Proofs.Number("--warm-up", "Seconds at that rate before it is measured.", 10, least: 0);
        var open = Proofs.Number("--open-runs", "Tickets with an open run, which one event in fifty is about.", 20, least: 0);
        var seed = Proofs.Seed();
        var json = Proofs.Json();
        var command = new Command("webhooks", "Measures the webhook endpoint and a bare one that does the same; none accepted may be lost.")
        {
            rate, seconds, outage, saturation, warm, open, seed, json,
        };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            () => WebhooksBench.RunAsync(
                new WebhooksSettings(
                    parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(outage), parsed.GetValue(saturation), parsed.GetValue(seed))
                {
                    OpenRuns = parsed.GetValue(open),
                    WarmUp = parsed.GetValue(warm),
                },
                parsed.GetValue(json), cancellation),
            cancellation));
        return command;
    }

    /// <summary>Creates the command that serves the bare endpoint.</summary>
    public static Command CreateBare()
    {
        var command = new Command("bare", "Serves the bare endpoint of 'webhooks'.") { Hidden = true };
        command.SetAction((_, cancellation) => BareEndpoint.RunAsync(cancellation));
        return command;
    }
}
