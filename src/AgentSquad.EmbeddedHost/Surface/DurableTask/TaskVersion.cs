namespace Microsoft.DurableTask;

/// <summary>Version of an orchestrator or activity; compares without case, and no version equals the empty one.</summary>
public readonly struct TaskVersion : IEquatable<TaskVersion>
{
    /// <summary>The task has no version.</summary>
    public static readonly TaskVersion Unversioned;

    private readonly string? _version;

    /// <summary>A version; null or empty means none, white space alone is refused.</summary>
    public TaskVersion(string version)
    {
        if (!string.IsNullOrEmpty(version) && string.IsNullOrWhiteSpace(version))
        {
            throw new ArgumentException(
                "A version must not be white space. Pass null, an empty string or TaskVersion.Unversioned for none.", nameof(version));
        }

        _version = version;
    }

    /// <summary>The version; empty for none.</summary>
    public string Version => _version ?? string.Empty;

    /// <summary>The version as text.</summary>
    public static implicit operator string(TaskVersion value) => value.Version;

    /// <summary>Text as a version.</summary>
    public static implicit operator TaskVersion(string value) => new(value);

    /// <summary>Compares without case.</summary>
    public static bool operator ==(TaskVersion a, TaskVersion b) => a.Equals(b);

    /// <summary>Compares without case.</summary>
    public static bool operator !=(TaskVersion a, TaskVersion b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskVersion other) => string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Version);
}
