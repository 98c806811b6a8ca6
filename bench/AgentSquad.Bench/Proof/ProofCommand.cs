using System.CommandLine;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Proof;

/// <summary><c>proof run</c>, <c>proof page</c> and <c>proof text</c>.</summary>
internal static class ProofCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Another command of this bench with its options.", Arity = ArgumentArity.OneOrMore };
        var run = new Command("run", "Runs a bench, keeps its result in bench/results, and writes docs/proof.md anew.") { arguments };
        run.TreatUnmatchedTokensAsErrors = false;
        run.SetAction((parsed, cancellation) => Proofs.RunAsync(
            async () =>
            {
                var code = await ProofRecord.RunAsync([.. parsed.GetValue(arguments)!, .. parsed.UnmatchedTokens], cancellation);
                await ProofPage.SaveAsync(cancellation);
                return code == 0;
            },
            cancellation));

        var page = new Command("page", "Writes docs/proof.md and its pictures from the results that were kept.");
        page.SetAction((_, cancellation) => Proofs.RunAsync(
            async () =>
            {
                await ProofPage.SaveAsync(cancellation);
                return true;
            },
            cancellation));
        var text = new Command("text", "Prints the page instead of writing it.");
        text.SetAction(_ => Console.Write(ProofPage.Write(ProofRecord.ReadAll())));
        return new Command("proof", "Keeps results and writes the page of claims from them.") { run, page, text };
    }
}
