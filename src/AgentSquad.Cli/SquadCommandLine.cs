using System.CommandLine;
using AgentSquad.Cli.Commands;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli;

/// <summary>The command line: what there is, and how its failures are told.</summary>
internal static class SquadCommandLine
{
    // Longer than stopping a whole system takes; the guard would take it down anyway should this process be ended earlier.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command.</summary>
    /// <param name="args">The arguments.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTimeout };
        try
        {
            var result = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : result;
        }
        catch (CliException exception)
        {
            Terminal.WriteErrorLine($"squad: {exception.Message}");
            return ExitCode.Failure;
        }
        catch (OperationCanceledException)
        {
            Terminal.WriteErrorLine("squad: stopped.");
            return ExitCode.Interrupted;
        }
        catch (HttpRequestException exception)
        {
            Terminal.WriteErrorLine($"squad: no answer: {exception.Message}");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Terminal.WriteErrorLine($"squad: {exception.Message}");
            return ExitCode.Failure;
        }
    }

    /// <summary>The whole command line.</summary>
    public static RootCommand Create() =>
        new("AgentSquad turns a Jira ticket into a durable run of a squad of role agents.")
        {
            Shared.State,
            DemoCommand.Create(),
            UpCommand.Create(),
            StatusCommand.Create(),
            StopCommand.Create(),
            DoctorCommand.Create(),
            ConnectCommand.Create(),
            RunsCommand.Create(),
            SendCommand.Create(),
            ExplainCommand.Create(),
            PoisonCommand.Create(),
            KeysCommand.Create(),
            GuardCommand.Create(),
        };
}
