using System.Text.Json;
using AgentSquad.JiraSandbox.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Site;

/// <summary>Holds the site. Who reads or changes it has entered the gate: one request at a time, like one transaction.</summary>
internal sealed class SiteStore : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _changedLock = new();
    private TaskCompletionSource _changed = New();

    /// <summary>Loads the site from its data file, or makes a new one.</summary>
    public SiteStore(IOptions<SandboxOptions> options)
    {
        DataFile = options.Value.DataFile is { Length: > 0 } file ? Path.GetFullPath(file) : null;
        Site = Load(DataFile) ?? SiteSetup.NewSite();
        SiteSetup.ApplyOptions(Site, options.Value);
    }

    /// <summary>The site; only inside the gate.</summary>
    public SiteModel Site { get; }

    /// <summary>Where the site is kept, or null.</summary>
    public string? DataFile { get; }

    /// <summary>Counts the changes since the start.</summary>
    public long Version { get; private set; }

    /// <summary>Waits for its turn.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Turn(() => _gate.Release());
    }

    /// <summary>Tells those who show or save the site that it changed; call inside the gate.</summary>
    public void MarkChanged()
    {
        TaskCompletionSource completed;
        lock (_changedLock)
        {
            Version++;
            completed = _changed;
            _changed = New();
        }

        completed.TrySetResult();
    }

    /// <summary>Completes at the first change after <paramref name="version"/>.</summary>
    public async Task<long> WaitForChangeAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_changedLock)
            {
                if (Version > version) return Version;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes the data file through a temporary one, so that a crash leaves the old or the new, never a half.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (DataFile is null) return;
        byte[] json;
        using (await EnterAsync(cancellationToken)) json = JsonSerializer.SerializeToUtf8Bytes(Site, SiteSetup.FileFormat);
        var temporary = DataFile + ".tmp";
        await File.WriteAllBytesAsync(temporary, json, cancellationToken);
        File.Move(temporary, DataFile, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static SiteModel? Load(string? file)
    {
        if (file is null) return null;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize<SiteModel>(File.ReadAllBytes(file), SiteSetup.FileFormat);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The sandbox's data file {file} (Sandbox__DataFile) is no saved site: {exception.Message} Move it away or name another.", exception);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Turn(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
