using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Voice;

/// <summary>
/// How Markdown on this side says a mention: a link to <c>accountid:ID</c> whose text is <c>@Name</c>. The site's dialect turns it into a
/// real mention, which notifies the person.
/// </summary>
public static class MentionMarkdown
{
    /// <summary>Scheme of the link's address.</summary>
    public const string Scheme = "accountid:";

    /// <summary>Mentions a person; the name alone when the account id is unknown or is an app's.</summary>
    /// <param name="person">Who; null renders as <c>the reporter</c>.</param>
    public static string Of(Person? person)
    {
        if (person is null)
        {
            return "the reporter";
        }

        var name = MarkdownText.Inline(person.DisplayName, 80);
        if (name.Length == 0)
        {
            name = "someone";
        }

        return person.IsApp || person.AccountId.Length == 0 ? name : $"[@{name}]({Scheme}{Uri.EscapeDataString(person.AccountId)})";
    }
}
