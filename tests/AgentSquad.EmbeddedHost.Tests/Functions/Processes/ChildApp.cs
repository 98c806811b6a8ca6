using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Http;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Processes;

/// <summary>The small function app in a process of its own.</summary>
internal sealed class ChildApp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ChildApp(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) if (line.Data is not null) _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; } = new() { Timeout = RunningApp.Patience };

    public int Id => _process.Id;

    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>Settings of an app on its own hub and queue.</summary>
    public static async Task<Dictionary<string, string>> NewSettingsAsync() => new()
    {
        ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
        ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = SharedAzurite.NewHubName(),
        ["ChildQueue"] = $"q{Guid.NewGuid():N}",
        ["EmbeddedHost__KeysFile"] = Path.Combine(Path.GetTempPath(), $"agentsquad-child-{Guid.NewGuid():N}", "keys.json"),
    };

    /// <summary>Starts the app and waits until it listens.</summary>
    public static async Task<ChildApp> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var child = Launch(settings, "--port", "0");
        const string said = "Functions host listening on ";
        var line = await child.ReadUntilAsync(said);
        child.Http.BaseAddress = new Uri(line[(line.IndexOf(said, StringComparison.Ordinal) + said.Length)..]);
        var keys = HostKeysFile.ReadOrCreate(settings["EmbeddedHost__KeysFile"]);
        child.Http.DefaultRequestHeaders.Add("x-functions-key", keys.MasterKey);
        return child;
    }

    public static ChildApp Launch(IReadOnlyDictionary<string, string> settings, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ChildApp).Assembly.Location);
        foreach (var argument in (string[])["host", .. args]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return new ChildApp(Process.Start(start)!);
    }

    /// <summary>Reads the app's output up to a line with a text in it.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            var line = await _process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new InvalidOperationException($"The app ended without '{text}': {Errors}");
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }
    }

    /// <summary>Posts nothing and returns the answer, which must be a good one.</summary>
    public async Task<string> PostAsync(string path)
    {
        var response = await Http.PostAsync(path, null);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until the host says that it is in a state.</summary>
    public async Task UntilAsync(string state)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while ((await Http.GetFromJsonAsync<JsonElement>("/admin/host/status", patience.Token)).GetProperty("state").GetString() != state)
            await Task.Delay(50, patience.Token);
    }

    /// <summary>Waits until an instance is in a status.</summary>
    public async Task UntilStatusAsync(string id, string status)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (await Http.GetStringAsync($"/api/status/{id}", patience.Token) != status) await Task.Delay(50, patience.Token);
    }

    public void Kill() => _process.Kill();

    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        // The rest of the output has to be taken off the pipe.
        await _process.StandardOutput.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
