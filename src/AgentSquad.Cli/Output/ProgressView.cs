using Spectre.Console;

namespace AgentSquad.Cli.Output;

/// <summary>Progress: a live line on a terminal, plain lines elsewhere.</summary>
internal static class ProgressView
{
    /// <summary>Runs something with progress.</summary>
    /// <param name="console">Where the progress goes.</param>
    /// <param name="action">What to run.</param>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<IProgressView, Task<T>> action) =>
        console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal
            ? console.Status().Spinner(Spinner.Known.Dots).StartAsync("Starting", context => action(new LiveView(console, context)))
            : action(new PlainView(console.Profile.Out.Writer));

    private sealed class LiveView(IAnsiConsole console, StatusContext context) : IProgressView
    {
        public void Now(string doing) => context.Status(Markup.Escape(doing));

        public void Done(string done) => console.MarkupLineInterpolated($"[green]✓[/] {done}");
    }

    private sealed class PlainView(TextWriter writer) : IProgressView
    {
        private string _last = "";

        public void Now(string doing)
        {
            if (doing == _last) return;
            _last = doing;
            writer.WriteLine(doing + " ...");
            writer.Flush();
        }

        public void Done(string done)
        {
            writer.WriteLine(done);
            writer.Flush();
        }
    }
}
