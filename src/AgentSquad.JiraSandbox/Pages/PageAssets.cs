using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>Style, script and pictures of the pages; nothing comes from elsewhere.</summary>
internal static class PageAssets
{
    private static readonly Dictionary<string, string> MediaTypes = new()
    {
        ["site.css"] = "text/css; charset=utf-8", ["site.js"] = "text/javascript; charset=utf-8", ["icon.svg"] = "image/svg+xml",
    };

    /// <summary>Answers an embedded file.</summary>
    public static IResult Get(string name) => MediaTypes.TryGetValue(name, out var type)
        ? Results.Stream(typeof(PageAssets).Assembly.GetManifestResourceStream(name)!, type)
        : Results.NotFound();

    /// <summary>Initials on a colour that belongs to the account.</summary>
    public static string Avatar(string id, string name)
    {
        var hue = SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] * 360 / 256;
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var initials = words switch
        {
            [] => "?",
            [var only] => only[..1],
            [var first, .., var last] => first[..1] + last[..1],
        };
        return Html.Of(
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="hsl({hue} 45% 42%)"/><text x="24" y="31" font-family="system-ui,sans-serif" font-size="19" font-weight="600" fill="#fff" text-anchor="middle">{initials.ToUpperInvariant()}</text></svg>
            """).ToString();
    }
}
