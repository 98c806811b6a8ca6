namespace AgentSquad.Atlassian.Jira;

/// <summary>Why a site did not do what it was asked.</summary>
public enum JiraFailure
{
    /// <summary>The request itself was wrong, or a reason that none of the others names.</summary>
    Refused,

    /// <summary>No answer: name, network, TLS, time-out, or the connection was lost.</summary>
    Unreachable,

    /// <summary>401: the credentials are wrong or expired.</summary>
    Unauthorized,

    /// <summary>The account must solve a captcha in a browser before the API answers it again.</summary>
    Captcha,

    /// <summary>403: the account lacks a permission.</summary>
    Forbidden,

    /// <summary>404: not there, or the account may not see it.</summary>
    NotFound,

    /// <summary>409: someone else changed it at the same time.</summary>
    Conflict,

    /// <summary>413 or a text over the site's limit.</summary>
    TooLarge,

    /// <summary>429: too many requests.</summary>
    RateLimited,

    /// <summary>A Data Center whose set-up wizard was never finished.</summary>
    NotSetUp,

    /// <summary>5xx, or the client's circuit is open after many of them.</summary>
    Unavailable,

    /// <summary>What answered is no Jira REST API: a redirect, a login page, another product.</summary>
    NotJira,
}
