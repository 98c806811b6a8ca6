using AgentSquad.Agents.Offline.Reading;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>Edge cases that words of a text bring with them.</summary>
internal static class EdgeCases
{
    private const int Most = 8;

    private static readonly (string[] Words, string Case)[] ByWord =
    [
        (["list", "table", "search", "filter", "export", "report", "results", "sort"], "No entries, one entry, and more than fit on a page or in one file"),
        (["csv", "export", "import", "file", "spreadsheet", "excel"], "Separators, quotes, line breaks and leading = + - @ within values; encoding; an empty file"),
        (["upload", "attachment", "image", "file"], "Empty, too large, wrong type, name with special characters, upload broken off half-way"),
        (["date", "time", "deadline", "calendar", "schedule", "day"], "Time zones, daylight saving, end of month, 29 February"),
        (["price", "amount", "payment", "invoice", "total", "tax", "currency", "discount"], "Zero, negative, rounding to cents, other currencies"),
        (["login", "password", "token", "session", "authentication", "sign in", "permission", "role", "access"],
            "Signed out, without the right, expired meanwhile, signed in twice"),
        (["email", "e mail", "mail", "notification", "notify"], "Address missing or wrong, sending fails, the same message twice"),
        (["delete", "remove", "archive"], "Already gone, still in use elsewhere, deleted by mistake"),
        (["edit", "update", "save", "form", "change"], "Two people change the same thing; the connection breaks while saving; nothing was changed"),
        (["name", "text", "input", "field", "comment", "title"], "Empty, only spaces, very long, emoji and right-to-left letters, markup that must not be executed"),
        (["api", "endpoint", "request", "webhook", "integration", "service"], "Missing field, unknown field, wrong type, time-out of the other side, the same request twice"),
        (["mobile", "responsive", "browser", "page", "screen", "dark mode"], "Smallest and largest screen, zoom of 200 %, keyboard only, slow connection"),
        (["import", "migration", "migrate", "backfill", "pipeline", "batch"], "Interrupted and started again, bad rows in the middle, the same data twice"),
        (["cache", "performance", "fast", "load", "large"], "Cold start, many users at once, ten times today's data"),
        (["retry", "queue", "event", "message", "job"], "Twice, out of order, late, never; poison that can never succeed"),
        (["prompt", "llm", "language model", "chatbot", "ai", "model"], "No answer, a wrong answer, text that tries to give orders, input in another language"),
        (["language", "translation", "locale", "i18n", "translated"], "Text a third longer than in English, missing translation, other number and date formats"),
        (["deploy", "deployment", "rollback", "release", "configuration", "setting"], "Setting missing or wrong, old and new version side by side, way back after an hour"),
    ];

    private static readonly string[] Always =
    [
        "Nothing there yet, exactly one, and the most that can occur",
        "The same action twice in a row, and broken off in the middle",
    ];

    /// <summary>The cases that the words of a text bring.</summary>
    public static IEnumerable<string> Found(WordIndex words) => ByWord.Where(entry => words.HasAny(entry.Words)).Select(entry => entry.Case).Take(Most);

    /// <summary>The cases for a text; general ones when its words bring none.</summary>
    public static IReadOnlyList<string> For(WordIndex words)
    {
        var found = Found(words).ToList();
        return found.Count > 0 ? found : Always;
    }
}
