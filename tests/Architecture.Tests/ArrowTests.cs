using System.Reflection;
using System.Runtime.CompilerServices;
using SocialCommerce.Api;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Grains;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Architecture.Tests;

/// <summary>Api → GrainInterfaces ← Grains → Rules; Grains → Journal; Silo → all. Rules know nothing, and the journal knows no campaign word.</summary>
public sealed class ArrowTests
{
    private const string Own = "SocialCommerce.";
    private const string Engine = Own + "EmbeddedSilo";

    private static readonly Assembly Rules = typeof(BargainRules).Assembly;
    private static readonly Assembly Contracts = typeof(IShopperGrain).Assembly;
    private static readonly Assembly GrainsAssembly = typeof(GrainsRegistration).Assembly;
    private static readonly Assembly JournalAssembly = typeof(IJournal).Assembly;
    private static readonly Assembly ApiAssembly = typeof(ApiHosting).Assembly;
    private static readonly Assembly Silo = Assembly.Load(Own + "Silo");

    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Rules", [] },
        { "GrainInterfaces", [] },
        { "Journal", [] },
        { "Api", ["GrainInterfaces"] },
        { "Grains", ["GrainInterfaces", "Journal", "Rules"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void A_project_refers_to_no_other_than_the_arrows_allow(string project, string[] allowed)
    {
        var references = OwnReferences(Assembly.Load(Own + project));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void The_silo_knows_all() => Assert.Superset(new HashSet<string> { "Api", "Grains", "Journal" }, OwnReferences(Silo).ToHashSet());

    [Fact]
    public void Rules_refer_to_the_base_class_library_alone() =>
        Assert.All(Rules.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Fact]
    public void The_journal_knows_no_campaign_word()
    {
        string[] words = ["bargain", "cut", "team", "shopper", "campaign", "seat", "stock", "helper", "purchase", "claim"];
        var names = JournalAssembly.GetTypes().Where(type => !IsGenerated(type)).SelectMany(type => type
            .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(member => member.Name).Append(type.Name)).Distinct().ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.DoesNotContain(WordsOf(name), word => words.Contains(word)));
    }

    [Fact]
    public void No_method_is_async_void() => Assert.All(
        AllOwn.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(Everything)),
        method => Assert.False(
            method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null,
            $"{method.DeclaringType}.{method.Name} is async void: its faults end the process, and nobody can wait for it."));

    [Fact]
    public void Grains_are_sealed_and_nobody_elses_business()
    {
        var grains = GrainsAssembly.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type) && !type.IsAbstract).ToArray();
        Assert.True(grains.Length > 10);
        Assert.All(grains, grain => Assert.True(grain.IsSealed && !grain.IsPublic, $"{grain.Name} is open"));
    }

    /// <summary>Where the wall clock is looked at, a simulation loses its hold on time; the build bans it by name, this by what was compiled.</summary>
    [Fact]
    public void Rules_ask_nobody_for_the_time_or_for_chance()
    {
        var forbidden = new[] { typeof(TimeProvider), typeof(Random), typeof(Task), typeof(Thread) };
        var used = Rules.GetTypes().SelectMany(type => type.GetMembers(Everything)).SelectMany(TypesOf).ToHashSet();
        Assert.Empty(used.Intersect(forbidden));
    }

    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static IEnumerable<Assembly> AllOwn => [Rules, Contracts, GrainsAssembly, JournalAssembly, ApiAssembly, Silo];

    private static string[] OwnReferences(Assembly assembly) =>
    [
        .. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith(Own, StringComparison.Ordinal) && name != Engine).Select(name => name[Own.Length..]),
    ];

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodBase method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        _ => [],
    };

    private static bool IsGenerated(Type type) => type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null || type.Name.Contains('<', StringComparison.Ordinal);

    /// <summary>The words of a name in camel case, in small letters.</summary>
    private static IEnumerable<string> WordsOf(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && !char.IsUpper(name[i]) && name[i] != '_') continue;
            yield return name[start..i].Trim('_').ToLowerInvariant();
            start = i;
        }
    }
}
