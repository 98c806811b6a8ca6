namespace Microsoft.DurableTask.Abstractions;

/// <summary>Order of orchestration versions.</summary>
public static class TaskOrchestrationVersioningUtils
{
    /// <summary>
    /// Compares two versions: none before any; as <see cref="Version"/> where both are one; else as text without case.
    /// </summary>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        var sourceMissing = string.IsNullOrWhiteSpace(sourceVersion);
        var otherMissing = string.IsNullOrWhiteSpace(otherVersion);
        if (sourceMissing || otherMissing) return otherMissing.CompareTo(sourceMissing);

        return Version.TryParse(sourceVersion, out var source) && Version.TryParse(otherVersion, out var other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
