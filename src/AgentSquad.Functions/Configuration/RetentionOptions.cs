using System.ComponentModel.DataAnnotations;

namespace AgentSquad.Functions.Configuration;

/// <summary>How long the app keeps what is over. Section <c>Squad:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// Age at which an ended run is purged, counted from its end: its history and the texts of its steps are deleted, the ticket keeps what
    /// was written on it. Default is 90 days; zero keeps runs for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00", ErrorMessage = "Squad__Retention__Runs must be a time span of up to 3650 days, or 00:00:00 to keep runs for ever; 90.00:00:00 (90 days) is the default.")]
    public TimeSpan Runs { get; set; } = TimeSpan.FromDays(90);
}
