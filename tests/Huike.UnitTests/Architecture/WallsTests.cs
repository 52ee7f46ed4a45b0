using System.Reflection;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace Huike.UnitTests.Architecture;

/// <summary>What a business module shows to others: its table of contents, its pages and its contracts.</summary>
public sealed class WallsTests
{
    /// <summary>Modules with business words. The others (Ui, Platform, Statistics, Seed) are libraries: what is public in them is for use.</summary>
    private static readonly Assembly[] Modules = [typeof(Huike.Customers.CustomersModule).Assembly, typeof(Huike.Analytics.AnalyticsModule).Assembly, typeof(Huike.ServiceDesk.Promises.PromiseEngine).Assembly];

    private static readonly string[] Forbidden =
        ["Manager", "Helper", "Util", "Utils", "Common", "Dto", "Vm", "Impl", "Service", "Services", "Info", "Data", "Processor", "Wrapper"];

    private static readonly string[] ForbiddenFolders =
        ["Services", "Models", "Dtos", "Interfaces", "Extensions", "Helpers", "Utils", "Common", "Shared", "Core", "ViewModels", "Repositories", "Entities", "Enums"];

    private static IEnumerable<Assembly> Ours =>
        [.. Modules, typeof(Huike.Platform.PlatformModule).Assembly, typeof(Huike.Ui.UiModule).Assembly, typeof(Huike.Web.HuikeHost).Assembly,
            Assembly.Load("Huike.Statistics"), Assembly.Load("Huike.Seed")];

    [Fact]
    public void A_module_exports_its_table_of_contents_its_components_and_its_contracts_alone() =>
        Faults.None(Modules.SelectMany(module => module.GetExportedTypes()).Where(type => !MayBeSeen(type)).Select(type => type.FullName!));

    [Fact]
    public void No_type_is_named_after_what_it_is_technically() =>
        Faults.None(Types().Where(type => Forbidden.Any(word => EndsInWord(type.Name, word))).Select(type => type.FullName!));

    [Fact]
    public void Folders_are_nouns_of_the_business() =>
        Faults.None(Types().Select(type => type.Namespace).OfType<string>()
            .Concat(Repository.Sources("src", "tools").Concat(Repository.Pages).Select(path => Repository.Name(Path.GetDirectoryName(path)!)))
            .Distinct().Where(place => place.Split('.', '/').Intersect(ForbiddenFolders).Any()));

    [Fact]
    public void Every_interface_with_one_implementation_crosses_a_module()
    {
        var types = Types().ToList();
        var lonely = types.Where(type => type.IsInterface && !type.IsPublic)
            .Where(contract => types.Count(type => type is { IsInterface: false, IsAbstract: false } && Implements(type, contract)) < 2);
        Faults.None(lonely.Select(type => type.FullName!));

        static bool Implements(Type type, Type contract) => contract.IsAssignableFrom(type) || type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == contract);
    }

    private static IEnumerable<Type> Types() =>
        Ours.SelectMany(assembly => assembly.GetTypes()).Where(type => type.Namespace?.StartsWith("Huike", StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal));

    private static bool MayBeSeen(Type type) =>
        type.IsSubclassOf(typeof(ComponentBase)) || typeof(IComponent).IsAssignableFrom(type)
        || type.Namespace?.Split('.').Contains("Contracts") == true
        || (type.Name.EndsWith("Module", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true } && type.Namespace == type.Assembly.GetName().Name)
        // A component's own nested records, and what the Razor compiler makes of _Imports.razor.
        || type.Name == "_Imports" || (type.DeclaringType is { } outer && MayBeSeen(outer));

    private static bool EndsInWord(string name, string word)
    {
        var bare = name.Split('`')[0];
        return bare.EndsWith(word, StringComparison.Ordinal) && (bare.Length == word.Length || char.IsLower(bare[^(word.Length + 1)]));
    }
}
