using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>Calls a function's method and unwraps the task it may return.</summary>
internal sealed class FunctionMethod
{
    private readonly Func<object?, object?[], ValueTask<object?>> _call;

    private FunctionMethod(Func<object?, object?[], ValueTask<object?>> call) => _call = call;

    /// <summary>Compiles the call; null for a return type that cannot be awaited to its end (async void, streams).</summary>
    public static FunctionMethod? Create(MethodInfo method)
    {
        var returns = method.ReturnType;
        if (returns == typeof(void))
        {
            // Nobody could tell when such a function ends or that it failed.
            if (method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false)) return null;
            var run = Compile<Action<object?, object?[]>>(method);
            return new FunctionMethod((instance, arguments) =>
            {
                run(instance, arguments);
                return default;
            });
        }

        if (returns.IsByRef || returns.IsPointer || returns.IsByRefLike) return null;
        if (returns.GetInterfaces().Append(returns).Any(IsAsyncStream)) return null;
        if (returns == typeof(Task)) return new FunctionMethod(OfTask(Compile<Func<object?, object?[], Task>>(method)));
        if (returns == typeof(ValueTask)) return new FunctionMethod(OfValueTask(Compile<Func<object?, object?[], ValueTask>>(method)));
        var (adapter, result) = returns switch
        {
            { IsGenericType: true } when returns.GetGenericTypeDefinition() == typeof(Task<>) => (nameof(OfTaskWithResult), returns.GetGenericArguments()[0]),
            { IsGenericType: true } when returns.GetGenericTypeDefinition() == typeof(ValueTask<>) => (nameof(OfValueTaskWithResult), returns.GetGenericArguments()[0]),
            _ => (nameof(OfValue), returns),
        };
        var make = typeof(FunctionMethod).GetMethod(adapter, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result);
        return new FunctionMethod((Func<object?, object?[], ValueTask<object?>>)make.Invoke(null, [method])!);
    }

    /// <summary>Calls the method; everything up to its first incomplete await happens in the call.</summary>
    public ValueTask<object?> InvokeAsync(object? instance, object?[] arguments) => _call(instance, arguments);

    private static bool IsAsyncStream(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private static Func<object?, object?[], ValueTask<object?>> OfTask(Func<object?, object?[], Task> call) => async (instance, arguments) =>
    {
        await call(instance, arguments);
        return null;
    };

    private static Func<object?, object?[], ValueTask<object?>> OfValueTask(Func<object?, object?[], ValueTask> call) => async (instance, arguments) =>
    {
        await call(instance, arguments);
        return null;
    };

    private static Func<object?, object?[], ValueTask<object?>> OfTaskWithResult<T>(MethodInfo method)
    {
        var call = Compile<Func<object?, object?[], Task<T>>>(method);
        return async (instance, arguments) => await call(instance, arguments);
    }

    private static Func<object?, object?[], ValueTask<object?>> OfValueTaskWithResult<T>(MethodInfo method)
    {
        var call = Compile<Func<object?, object?[], ValueTask<T>>>(method);
        return async (instance, arguments) => await call(instance, arguments);
    }

    private static Func<object?, object?[], ValueTask<object?>> OfValue<T>(MethodInfo method)
    {
        var call = Compile<Func<object?, object?[], T>>(method);
        return (instance, arguments) => ValueTask.FromResult<object?>(call(instance, arguments));
    }

    private static TDelegate Compile<TDelegate>(MethodInfo method)
        where TDelegate : Delegate
    {
        var instance = Expression.Parameter(typeof(object), "instance");
        var arguments = Expression.Parameter(typeof(object[]), "arguments");
        var values = method.GetParameters().Select(parameter => Expression.Call(
            typeof(FunctionMethod), nameof(ValueOf), [parameter.ParameterType], Expression.ArrayIndex(arguments, Expression.Constant(parameter.Position))));
        var target = method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!);
        return Expression.Lambda<TDelegate>(Expression.Call(target, method, values), instance, arguments).Compile();
    }

    private static T ValueOf<T>(object? value) => value is null ? default! : (T)value;
}
