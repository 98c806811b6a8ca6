using AgentSquad.Core.Voice;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>Finds mentions of the bot in the text of a comment.</summary>
internal static class Mentions
{
    /// <summary>
    /// Whether the text holds <c>@name</c> (any case; not within a word, an e-mail address or a longer name) or Jira's own mark-up
    /// for the account, <c>[~accountid:ID]</c> on Cloud and <c>[~name]</c> on Data Center.
    /// </summary>
    public static bool Name(string text, string name, string? accountId) =>
        (!string.IsNullOrEmpty(accountId)
            && (text.Contains($"[~accountid:{accountId}]", StringComparison.OrdinalIgnoreCase)
                || text.Contains($"({MentionMarkdown.Scheme}{Uri.EscapeDataString(accountId)})", StringComparison.OrdinalIgnoreCase)
                || text.Contains($"[~{accountId}]", StringComparison.OrdinalIgnoreCase)))
        || (name.Length > 0 && Typed(text, "@" + name));

    private static bool Typed(string text, string mention)
    {
        for (var at = text.IndexOf(mention, StringComparison.OrdinalIgnoreCase);
             at >= 0;
             at = text.IndexOf(mention, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + mention.Length;
            var startsFree = at == 0 || !(IsWord(text[at - 1]) || text[at - 1] is '.' or '@');
            // A dot that ends a sentence is no part of a name; one inside an address or a longer name is.
            var endsFree = end == text.Length
                || (!IsWord(text[end]) && (text[end] != '.' || end + 1 == text.Length || !IsWord(text[end + 1])));
            if (startsFree && endsFree)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or '-';
}
