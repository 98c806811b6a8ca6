namespace AgentSquad.TestSupport;

/// <summary>Finds the repository's own files and the reference material beside it.</summary>
public static class RepositoryPaths
{
    /// <summary>The folder that holds <c>AgentSquad.Functions.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// The folder with recorded webhooks, vendor documents and API listings, or null: <c>AGENTSQUAD_SHARED</c>, else <c>../shared</c> beside
    /// the repository. That material belongs to others and is not part of the repository; tests that need it skip without it.
    /// </summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A file or folder under <see cref="Shared"/>, or null when it is not there.</summary>
    public static string? InShared(params string[] parts)
    {
        if (Shared is null) return null;
        var path = Path.Combine([Shared, .. parts]);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentSquad.Functions.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No AgentSquad.Functions.sln above {AppContext.BaseDirectory}.");
    }

    private static string? FindShared()
    {
        var named = Environment.GetEnvironmentVariable("AGENTSQUAD_SHARED");
        var folder = string.IsNullOrEmpty(named) ? Path.Combine(Root, "..", "shared") : named;
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}
