using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>Routes of HTTP functions.</summary>
internal static class RouteRules
{
    // The host's own paths.
    private static readonly string[] Reserved = ["admin", "runtime"];

    /// <summary>The whole template of a function: the prefix, then its route or name.</summary>
    public static string TemplateOf(string name, HttpTriggerAttribute trigger, string prefix)
    {
        var route = string.IsNullOrEmpty(trigger.Route) ? name : trigger.Route.TrimStart('/');
        return prefix.Length == 0 ? route : $"{prefix}/{route}";
    }

    /// <summary>Names of the parameters in a route; empty for a template that does not parse.</summary>
    public static IReadOnlySet<string> ParametersOf(HttpTriggerAttribute trigger)
    {
        try
        {
            return RoutePatternFactory.Parse(trigger.Route?.TrimStart('/') ?? "").Parameters
                .Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        }
        catch (RoutePatternException)
        {
            // Reported by Check, with the template.
            return new HashSet<string>();
        }
    }

    /// <summary>What is wrong with the routes, one line each.</summary>
    public static IEnumerable<string> Check(IEnumerable<FunctionDescriptor> functions, string prefix)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var function in functions.Where(function => function.Trigger == FunctionTrigger.Http))
        {
            var trigger = (HttpTriggerAttribute)function.TriggerAttribute;
            var template = TemplateOf(function.Name, trigger, prefix);
            var problem = TryParse(template, out var pattern);
            if (problem is not null)
            {
                yield return $"Function '{function.Name}': the route '{template}' is not valid: {problem}";
                continue;
            }

            if (Reserved.Any(path => template.Equals(path, StringComparison.OrdinalIgnoreCase) || template.StartsWith($"{path}/", StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"Function '{function.Name}': the route '{template}' begins with a path of the host itself.";
            }

            foreach (var method in trigger.Methods is { Length: > 0 } methods ? methods : ["*"])
            {
                var key = $"{method} {Shape(pattern!)}";
                if (!seen.TryAdd(key, function.Name)) yield return $"Functions '{seen[key]}' and '{function.Name}' answer the same route: {method} {template}.";
            }
        }
    }

    private static string? TryParse(string template, out RoutePattern? pattern)
    {
        try
        {
            pattern = RoutePatternFactory.Parse(template);
            return null;
        }
        catch (RoutePatternException problem)
        {
            pattern = null;
            return problem.Message;
        }
    }

    // Two templates collide when they differ in nothing but the names of their parameters.
    private static string Shape(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter =>
            $"{{{(parameter.IsCatchAll ? "*" : "")}:{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content))}}}",
        _ => "",
    }))));
}
