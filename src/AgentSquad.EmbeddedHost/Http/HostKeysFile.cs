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
        catch (IOException) when (File.Exists(path))
        {
            // Another host process on this machine was faster; its keys are as good.
        }
        finally
        {
            File.Delete(draft);
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
