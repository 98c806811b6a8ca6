using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule; sits on a <see cref="TimerInfo"/>.</summary>
public sealed class TimerTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="schedule">NCRONTAB with six fields, seconds first, in UTC; or a constant interval such as <c>00:05:00</c>; <c>%name%</c> is taken from the settings.</param>
    public TimerTriggerAttribute(string schedule) => Schedule = schedule;

    /// <summary>The schedule.</summary>
    public string Schedule { get; }

    /// <summary>Whether the function also runs when the host starts. Default is false.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Whether occurrences are remembered across restarts, so that a missed one is made up for. Default is true.</summary>
    public bool UseMonitor { get; set; } = true;
}
