using System.ComponentModel;
using System.Text.Json;

namespace AgentSquad.Cli.Processes;

/// <summary>
/// The process between the command and what it starts (<c>squad guard</c>, hidden). It lives in a process group of its own and reads its
/// orders from a pipe; when the pipe ends, however the command came to its end, it stops everything in reverse order and takes the rest of
/// its group with it. So nothing is left behind even when the command is killed outright.
/// </summary>
internal static class Guard
{
    /// <summary>Runs until the orders end, or, once detached, until SIGTERM.</summary>
    /// <param name="orders">Where <see cref="GuardRequest"/>s come from.</param>
    /// <param name="events">Where <see cref="GuardEvent"/>s go.</param>
    /// <param name="terminated">Cancelled on SIGTERM.</param>
    public static async Task RunAsync(TextReader orders, TextWriter events, CancellationToken terminated)
    {
        NativeProcess.LeadOwnGroup();
        var stop = Task.Delay(Timeout.Infinite, terminated);

        var children = new List<GuardedChild>();
        IReadOnlyList<string> cleanup = [];
        var detached = false;
        var reporting = new Lock();
        while (true)
        {
            // Not cancelled: the pipe has no clean way to; the loop ends by the other task.
            var next = orders.ReadLineAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(next, stop);
            if (stop.IsCompleted) break;
            if (await next is not { } line)
            {
                if (detached) await Task.WhenAny(stop);
                break;
            }

            var request = JsonSerializer.Deserialize(line, GuardJson.Default.GuardRequest)!;
            if (request.Op == "stop") break;
            if (request.Op == "detach")
            {
                detached = true;
                cleanup = request.Cleanup ?? [];
                Report(new GuardEvent("detached"));
            }
            else if (request.Child is { } spec)
            {
                Start(spec);
            }
        }

        for (var i = children.Count - 1; i >= 0; i--) await children[i].DisposeAsync();
        foreach (var path in cleanup) Delete(path);
        NativeProcess.KillOwnGroup();

        void Start(ChildSpec spec)
        {
            try
            {
                children.Add(GuardedChild.Start(spec, Report));
            }
            catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
            {
                Report(new GuardEvent("failed", spec.Name, Line: exception.Message));
            }
        }

        void Report(GuardEvent report)
        {
            try
            {
                lock (reporting)
                {
                    events.WriteLine(JsonSerializer.Serialize(report, GuardJson.Default.GuardEvent));
                    events.Flush();
                }
            }
            catch (IOException)
            {
                // Nobody listens any more: the command has gone, or has left this system to itself.
            }
        }
    }

    private static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"'{path}' could not be deleted: {exception.Message}");
        }
    }
}
