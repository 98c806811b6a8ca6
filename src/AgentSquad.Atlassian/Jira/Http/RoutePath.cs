using System.Globalization;
using System.Text;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>Builds request paths from interpolated strings: the literal parts are ours, every value is escaped.</summary>
internal static class RoutePath
{
    /// <summary>The path with its values escaped.</summary>
    /// <exception cref="ArgumentException">A value is empty, <c>.</c> or <c>..</c>, which would name another resource.</exception>
    public static string Of(FormattableString path)
    {
        var values = path.GetArguments();
        var escaped = new object[values.Length];
        var query = path.Format.IndexOf('?', StringComparison.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is Verbatim verbatim)
            {
                escaped[i] = verbatim.Text;
                continue;
            }

            var text = Convert.ToString(values[i], CultureInfo.InvariantCulture) ?? "";
            var inQuery = query >= 0 && path.Format.IndexOf($"{{{i}", StringComparison.Ordinal) > query;
            if (!inQuery && text is ("" or "." or "..")) throw new ArgumentException($"'{text}' names no resource.", nameof(path));
            escaped[i] = Uri.EscapeDataString(text);
        }

        return string.Format(CultureInfo.InvariantCulture, path.Format, escaped);
    }

    /// <summary>A query string from pairs; those without a value are left out. Starts with <c>?</c>, or is empty.</summary>
    public static Verbatim Query(params ReadOnlySpan<(string Name, object? Value)> pairs)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in pairs)
        {
            if (value is null) continue;
            var text = value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(text));
        }

        return new Verbatim(query.ToString());
    }

    /// <summary>A part of a path that is in its final form already.</summary>
    public sealed record Verbatim(string Text)
    {
        public override string ToString() => Text;
    }
}
