using System.Reflection;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>Finds functions and says everything that is wrong with them at once.</summary>
internal sealed class FunctionDiscovery(FunctionSource source, HostSettings settings, IConfiguration configuration)
{
    private const BindingFlags Methods = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly List<string> _problems = [];

    /// <summary>All functions; throws <see cref="HostStartException"/> with one line for each problem.</summary>
    public FunctionCatalog Discover()
    {
        _problems.Clear();
        var functions = new List<FunctionDescriptor>();
        foreach (var method in source.Types.Where(type => type.IsClass && !type.ContainsGenericParameters).SelectMany(type => type.GetMethods(Methods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute && Describe(method, attribute.Name) is { } function) functions.Add(function);
        }

        CheckNames(functions, function => function.Name, "function");
        CheckNames(functions.Where(function => function.Trigger == FunctionTrigger.Orchestration), FunctionNames.Durable, "orchestrator");
        CheckNames(functions.Where(function => function.Trigger == FunctionTrigger.Activity), FunctionNames.Durable, "activity");
        _problems.AddRange(RouteRules.Check(functions, settings.Http.RoutePrefix));
        if (_problems.Count > 0) throw new HostStartException($"The app's functions cannot be used:\n  {string.Join("\n  ", _problems)}");
        return new FunctionCatalog(functions);
    }

    private FunctionDescriptor? Describe(MethodInfo method, string name)
    {
        var where = $"Function '{name}' ({method.DeclaringType!.Name}.{method.Name})";
        if (!FunctionNames.IsValid(name)) return Problem($"{where}: the name must be a letter, then up to 126 letters, digits, '_' or '-'.");
        if (method.ContainsGenericParameters) return Problem($"{where}: a function cannot be generic.");
        if (method.DeclaringType.IsAbstract && !method.IsStatic) return Problem($"{where}: an instance function needs a class that is not abstract.");

        var triggers = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Attribute: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(trigger => trigger.Attribute is not null)
            .ToArray();
        if (triggers.Length != 1) return Problem($"{where}: needs exactly one parameter with a trigger attribute and has {triggers.Length}.");
        var (triggerParameter, triggerAttribute) = triggers[0];
        if (KindOf(triggerAttribute!) is not { } kind) return Problem($"{where}: the trigger {triggerAttribute!.GetType().Name} is not supported by the embedded host.");

        if (TriggerProblem(kind, triggerParameter, triggerAttribute!) is { } problem) return Problem($"{where}: {problem}");
        var binders = new List<ParameterBinder>();
        foreach (var parameter in method.GetParameters())
        {
            var binder = ParameterBinders.For(parameter, kind, triggerParameter, triggerAttribute!, out var complaint);
            if (binder is null) return Problem($"{where}: {complaint}");
            binders.Add(binder);
        }

        if (FunctionMethod.Create(method) is not { } call) return Problem($"{where}: cannot return {method.ReturnType.Name}; use void, a value, Task or ValueTask.");
        return new FunctionDescriptor
        {
            Name = name,
            Trigger = kind,
            TriggerAttribute = triggerAttribute!,
            TriggerParameter = triggerParameter,
            Method = method,
            Binders = binders,
            Call = call,
            Definition = new DiscoveredFunctionDefinition(name, method, Inputs(method, kind), Outputs(kind)),
        };
    }

    private string? TriggerProblem(FunctionTrigger kind, ParameterInfo parameter, TriggerBindingAttribute attribute)
    {
        var type = parameter.ParameterType;
        try
        {
            return (kind, attribute) switch
            {
                (FunctionTrigger.Orchestration, _) when !type.IsAssignableFrom(typeof(TaskOrchestrationContext)) =>
                    $"[OrchestrationTrigger] must sit on a {nameof(TaskOrchestrationContext)}.",
                (FunctionTrigger.Timer, TimerTriggerAttribute timer) => type != typeof(TimerInfo)
                    ? $"[TimerTrigger] must sit on a {nameof(TimerInfo)}."
                    : Timers.TimerSchedule.Problem(SettingText.Resolve(timer.Schedule, configuration, "its schedule")),
                (FunctionTrigger.Queue, QueueTriggerAttribute queue) =>
                    Queues.QueueNames.Problem(SettingText.Resolve(queue.QueueName, configuration, "its queue name")),
                (FunctionTrigger.Http, _) when type == typeof(HttpResponseData) => $"[HttpTrigger] must sit on a {nameof(HttpRequestData)} or a body type.",
                _ => null,
            };
        }
        catch (HostStartException missing)
        {
            return missing.Message;
        }
    }

    private static FunctionTrigger? KindOf(TriggerBindingAttribute attribute) => attribute switch
    {
        HttpTriggerAttribute => FunctionTrigger.Http,
        QueueTriggerAttribute => FunctionTrigger.Queue,
        TimerTriggerAttribute => FunctionTrigger.Timer,
        OrchestrationTriggerAttribute => FunctionTrigger.Orchestration,
        ActivityTriggerAttribute => FunctionTrigger.Activity,
        _ => null,
    };

    private static IEnumerable<BindingMetadata> Inputs(MethodInfo method, FunctionTrigger kind)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null)
                yield return new DiscoveredBinding(parameter.Name!, TriggerType(kind), BindingDirection.In);
            else if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
                yield return new DiscoveredBinding(parameter.Name!, "durableClient", BindingDirection.In);
        }
    }

    private static IEnumerable<BindingMetadata> Outputs(FunctionTrigger kind)
        => kind == FunctionTrigger.Http ? [new DiscoveredBinding("$return", "http", BindingDirection.Out)] : [];

    private static string TriggerType(FunctionTrigger kind) => kind switch
    {
        FunctionTrigger.Http => "httpTrigger",
        FunctionTrigger.Queue => "queueTrigger",
        FunctionTrigger.Timer => "timerTrigger",
        FunctionTrigger.Orchestration => "orchestrationTrigger",
        _ => "activityTrigger",
    };

    private FunctionDescriptor? Problem(string text)
    {
        _problems.Add(text);
        return null;
    }

    private void CheckNames(IEnumerable<FunctionDescriptor> functions, Func<FunctionDescriptor, string> name, string what)
    {
        foreach (var same in functions.GroupBy(name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            var places = same.Select(function => $"{function.Method.DeclaringType!.Name}.{function.Method.Name}");
            _problems.Add($"The {what} name '{same.Key}' is used more than once: {string.Join(", ", places)}. Names must differ by more than case.");
        }
    }
}
