using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>What building roles do per criterion, agree on with others, and check in the end.</summary>
internal static class RoleSteps
{
    /// <summary>Steps that each criterion goes through.</summary>
    public static IReadOnlyList<string> For(SquadRole role) => role switch
    {
        SquadRole.FrontendDeveloper =>
        [
            "Show or accept what the criterion needs, and make its result visible",
            "Show waiting, refusal and failure of the call, and keep what the user entered",
            "Write a component test for each of these states",
        ],
        SquadRole.DataEngineer =>
        [
            "Find the data that shows it, and name its owner",
            "Process it so that a second run changes nothing",
            "Check rows in against rows out; set bad rows aside with the reason",
            "Test on a copy with missing, double and late data",
        ],
        SquadRole.DataScientist =>
        [
            "Put it as a question; name data, period, measure and the smallest effect that matters before looking",
            "Compare with the simplest explanation; state uncertainty as an interval",
            "Write down what is decided in each outcome",
        ],
        SquadRole.MlEngineer =>
        [
            "Turn it into a measure on held-out data",
            "Measure the baseline first, then the model; same split, same seed, versions recorded",
            "Serve it with a time-out and an answer for the case that none comes",
            "Watch input and quality in use, with a threshold that wakes somebody",
        ],
        SquadRole.AiEngineer =>
        [
            "Collect at least 20 examples with the wanted answer",
            "Write instructions and output format; treat all input as data, never as orders",
            "Check the answer's form and limits in code before it is used",
            "Run the examples after every change of instructions or model, and keep the figures",
        ],
        SquadRole.DevOpsEngineer =>
        [
            "Describe it as configuration in version control",
            "Try it in a test environment",
            "Add a check that sees it fail before users do, and an alert with a page on what to do",
            "Write and try the way back",
        ],
        _ =>
        [
            "Name the entry point and its caller; validate the input, name each refusal",
            "State the rule and the data that is read and written, in one transaction",
            "Test the rule on its own, and the entry point with its refusals",
        ],
    };

    /// <summary>What to agree on with others.</summary>
    public static IReadOnlyList<string> Interfaces(SquadRole role) => role switch
    {
        SquadRole.FrontendDeveloper => ["Agree on calls, errors and loading order with the service side before building", "Texts come from where the product keeps its texts"],
        SquadRole.DataEngineer => ["Schema with meaning, unit and null rule of each field; changes are additive", "When the data is there, and how readers see that it is late"],
        SquadRole.DataScientist => ["Result as a short page with figure, interval and decision; the code to repeat it"],
        SquadRole.MlEngineer => ["Input and output schema with version; old callers keep working", "Latency and cost per request as an agreed limit"],
        SquadRole.AiEngineer => ["Typed output that callers check; no free text decides anything", "Limit of tokens, time and cost per request, and the answer at the limit"],
        SquadRole.DevOpsEngineer => ["Settings with name, default and owner; secrets only as references", "Health check that tells ready from alive"],
        _ => ["Errors: one form for all, with a code that callers can rely on", "A request that is sent twice has the effect of one"],
    };

    /// <summary>What to check in the end.</summary>
    public static IReadOnlyList<string> Checklist(SquadRole role) => role switch
    {
        SquadRole.FrontendDeveloper => ["Works by keyboard and with a screen reader", "No call without its error shown", "Works in the narrowest supported width", "Screenshots of each state in the review"],
        SquadRole.DataEngineer => ["Can be run again for any day", "Counts agree with the source", "Personal data is marked and kept no longer than needed"],
        SquadRole.DataScientist => ["Someone else can repeat it", "The question was written before the answer", "Limits of the data are stated"],
        SquadRole.MlEngineer => ["Beats the baseline on the same data", "Data, code and model versions belong together", "A way back to the model before"],
        SquadRole.AiEngineer => ["Evaluation figures before and after", "Works, in words, without the model", "No secret and no personal data in a prompt"],
        SquadRole.DevOpsEngineer => ["Deployed twice in a row without a difference", "The alert was seen to fire", "The way back was tried"],
        _ => ["Each refusal has a test", "Logs say what happened, without personal data", "Old callers and old data still work", "Query plans looked at for the largest table"],
    };
}
