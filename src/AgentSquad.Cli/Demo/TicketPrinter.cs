using Spectre.Console;

namespace AgentSquad.Cli.Demo;

/// <summary>Prints a finished ticket.</summary>
internal static class TicketPrinter
{
    /// <summary>Prints the ticket and the squad's comments on it.</summary>
    public static void Print(IAnsiConsole console, TicketFile ticket, DemoResult result)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(result.Ticket)}[/]  {Markup.Escape(ticket.Summary)}").LeftJustified());
        console.WriteLine($"Status {result.Status}, run {result.RunStatus} in {result.DurationMs / 1000.0:0.0} s: {string.Join(" -> ", result.Stages)}");
        foreach (var comment in result.Comments)
        {
            console.WriteLine();
            console.Write(new Rule($"{Markup.Escape(comment.Author)}, {comment.Kind}").LeftJustified().RuleStyle("grey"));
            console.WriteLine(comment.Text);
        }

        console.WriteLine();
    }
}
