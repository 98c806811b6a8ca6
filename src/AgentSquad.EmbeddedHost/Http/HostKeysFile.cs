using System.Diagnostics;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Configuration;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>The file that keeps the keys; only its owner can read it.</summary>
internal static class HostKeysFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The configured file, or the default one in the user's local application data.</summary>
    public static string PathOf(EmbeddedHostOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.KeysFile)) return Path.GetFullPath(options.KeysFile);
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (folder.Length == 0) throw new HostStartException("There is no home folder to keep the function keys in: set EmbeddedHost__KeysFile to a file.");
        return Path.Combine(folder, "agentsquad", "host-keys.json");
    }

    /// <summary>Reads the keys; makes the file when there is none.</summary>
    public static HostKeys ReadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path)) Create(path);
            KeepPrivate(path);
            return Read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostStartException(
                $"The keys file {path} cannot be used ({problem.Message}): set EmbeddedHost__KeysFile to a file that this user can write.", problem);
        }
    }

    private static HostKeys Read(string path)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json);
            if (string.IsNullOrEmpty(content?.MasterKey)) throw new JsonException("masterKey is missing");
            return new HostKeys(content.MasterKey, content.FunctionKeys ?? [], content.SystemKeys ?? []);
        }
        catch (JsonException problem)
        {
            throw new HostStartException($"The keys file {path} is damaged: delete it, and new keys are made at the next start.", problem);
        }
    }

    private static void Create(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        using var turn = WaitForTurn(path);
        if (File.Exists(path)) return;

        // Written aside and moved, so that a host that dies meanwhile leaves no half of a file.
        var keys = HostKeys.Generate();
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(file, new Content(keys.MasterKey, new(keys.FunctionKeys), new(keys.SystemKeys)), Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>
    /// Keeps other hosts on this machine from making keys at the same time. A move that does not overwrite is no guard:
    /// on Unix .NET looks for the target first and renames afterwards, and two hosts would go on with different keys.
    /// </summary>
    private static FileStream WaitForTurn(string path)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < LongestTurn)
            {
                Thread.Sleep(10);
            }
            catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows() && Stopwatch.GetElapsedTime(started) < LongestTurn)
            {
                Thread.Sleep(10); // Windows says so of a file that is being deleted.
            }
        }
    }

    private static void KeepPrivate(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0) File.SetUnixFileMode(path, mode & ~Others);
    }

    private sealed record Content(string? MasterKey, Dictionary<string, string>? FunctionKeys, Dictionary<string, string>? SystemKeys);
}
