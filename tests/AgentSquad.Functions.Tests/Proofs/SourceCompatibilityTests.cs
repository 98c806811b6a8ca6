using System.Reflection;
using System.Reflection.Emit;
using AgentSquad.Functions.Run;
using AgentSquad.TestSupport;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.Functions.Tests.Proofs;

/// <summary>The app compiles against the official packages as well: it uses nothing that is not in all of their versions, and nothing of our host's own.</summary>
public sealed class SourceCompatibilityTests
{
    private static readonly Assembly Host = typeof(TaskOrchestrationContext).Assembly;

    [SkippableFact]
    public void App_Compiled_UsesNothingOutsideTheFloor()
    {
        var floor = ReadFloor();

        Assert.Empty(AppReferences().Where(IsOfficial).Select(floor.WhyNot).OfType<string>());
    }

    [Fact]
    public void App_Compiled_UsesNothingOfTheHostButItsMicrosoftTypes()
    {
        var references = AppReferences();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(IsOfficial(reference), $"{reference} is not part of the official API"));
    }

    [Fact]
    public void App_Compiled_WasReallyRead()
    {
        var references = AppReferences().Select(reference => reference.ToString()).ToList();

        Assert.Contains(references, reference => reference.StartsWith("Microsoft.DurableTask.TaskOrchestrationContext.CallActivityAsync(", StringComparison.Ordinal));
        Assert.Contains("Microsoft.Azure.Functions.Worker.FunctionAttribute..ctor(String)", references);
    }

    [SkippableFact]
    public void Floor_Parsed_HasTheTypesAndMembersOfThePage()
    {
        var floor = ReadFloor();

        Assert.Superset(
            new HashSet<string>
            {
                "TaskOrchestrationContext", "TaskName", "TaskOptions", "StartOrchestrationOptions", "DurableTaskClient", "AsyncPageable", "QueueTriggerAttribute",
                "HttpRequestDataExtensions", "FunctionsApplicationBuilder", "IFunctionsWorkerMiddleware", "PurgeResult", "FunctionContext",
            },
            floor.Types.ToHashSet());
        Assert.Null(floor.WhyNot(new("Microsoft.DurableTask.TaskOrchestrationContext", "NewGuid", [])));
        Assert.Null(floor.WhyNot(new("Microsoft.DurableTask.TaskOrchestrationContext", "ContinueAsNew", ["Object", "Boolean"])));
        Assert.NotNull(floor.WhyNot(new("Microsoft.DurableTask.TaskOrchestrationContext", "CompareVersionTo", ["String"])));
        Assert.NotNull(floor.WhyNot(new("Microsoft.DurableTask.StartOrchestrationOptions", "Version", [])));
        Assert.NotNull(floor.WhyNot(new("Microsoft.DurableTask.Client.DurableTaskClient", "RestartAsync", [])));
        Assert.NotNull(floor.WhyNot(new("Microsoft.DurableTask.ContinueAsNewOptions", null, [])));
    }

    [SkippableFact]
    public void Floor_PlantedMembersOutsideIt_AreCaught()
    {
        var floor = ReadFloor();
        var planted = Emit(
            typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.ContinueAsNew), [typeof(ContinueAsNewOptions)])!,
            typeof(DurableTaskClient).GetMethod(nameof(DurableTaskClient.RewindInstanceAsync))!);

        var offences = planted.Select(floor.WhyNot).OfType<string>().ToList();

        Assert.Contains(offences, offence => offence.EndsWith("this overload is not on the page", StringComparison.Ordinal));
        Assert.Contains(offences, offence => offence.Contains("RewindInstanceAsync", StringComparison.Ordinal));
    }

    [Fact]
    public void OwnTypes_PlantedUse_IsCaught()
    {
        var own = Host.GetTypes().First(type => type.Namespace?.StartsWith("AgentSquad.EmbeddedHost", StringComparison.Ordinal) == true
            && type is { IsClass: true, IsNested: false, ContainsGenericParameters: false }
            && type.GetConstructors(BindingFlags.Instance | BindingFlags.Public).Length > 0);

        var planted = Emit(own.GetConstructors(BindingFlags.Instance | BindingFlags.Public)[0]);

        Assert.Contains(planted, reference => !IsOfficial(reference));
    }

    private static IReadOnlyList<HostReference> AppReferences()
    {
        using var app = File.OpenRead(typeof(TicketOrchestrator).Assembly.Location);
        return HostReference.Read(app, Host.GetName().Name!);
    }

    private static bool IsOfficial(HostReference reference) => reference.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static Floor ReadFloor()
    {
        var page = RepositoryPaths.InShared("official-api", "floor.md");
        Skip.If(page is null, "The page official-api/floor.md is not beside the repository.");
        return Floor.Parse(File.ReadAllText(page!));
    }

    /// <summary>An assembly with a method that calls the given ones, and what the reader finds in it.</summary>
    private static IReadOnlyList<HostReference> Emit(params MethodBase[] called)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Planted"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Planted").DefineType("Planted", TypeAttributes.Public);
        var code = type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []).GetILGenerator();
        foreach (var method in called)
        {
            if (method is ConstructorInfo constructor) code.Emit(OpCodes.Newobj, constructor);
            else code.Emit(OpCodes.Callvirt, (MethodInfo)method);
        }

        code.Emit(OpCodes.Ret);
        type.CreateType();
        using var stream = new MemoryStream();
        assembly.Save(stream);
        stream.Position = 0;
        return HostReference.Read(stream, Host.GetName().Name!);
    }
}
