using dotenv.net;

namespace AgentSquad.Functions.Configuration;

/// <summary>Reads <c>.env</c> of the current folder, then of the app's folder, into the environment; what is set there already stays.</summary>
internal static class DotEnvFile
{
    private const string FileName = ".env";

    /// <summary>Loads the files that exist.</summary>
    public static void Load()
    {
        foreach (var folder in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
        {
            var file = Path.Combine(folder, FileName);
            if (File.Exists(file)) DotEnv.Load(new DotEnvOptions(envFilePaths: [file], overwriteExistingVars: false, ignoreExceptions: false));
        }
    }
}
