using System.Reflection;
using System.Runtime.CompilerServices;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains.Tests.Contracts;

/// <summary>The published language: what integrators' builds and messages under way rest on.</summary>
public sealed class ContractShapeTests
{
    private static readonly Type[] Published =
        [.. typeof(IShopperGrain).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(IShopperGrain).Namespace).OrderBy(type => type.Name, StringComparer.Ordinal)];

    private static Type[] Messages => [.. Published.Where(type => !type.IsInterface && !type.IsEnum)];

    private static Type[] Interfaces => [.. Published.Where(type => type.IsInterface)];

    [Fact]
    public void Every_published_type_is_as_it_was_released() => Golden.Is("contracts.txt", Published.SelectMany(LinesOf));

    [Fact]
    public void Messages_are_sealed_flat_and_numbered_once()
    {
        Assert.All(Messages, type =>
        {
            Assert.True(type.IsSealed, $"{type.Name} is not sealed");
            Assert.True(type.GetCustomAttribute<GenerateSerializerAttribute>() is not null, $"{type.Name} has no serializer");
            Assert.StartsWith("sc.", AliasOf(type), StringComparison.Ordinal);
            Assert.True(type.BaseType == typeof(object) || type.BaseType == typeof(Exception), $"{type.Name} is not flat");
            var ids = MembersOf(type).Select(IdOf).ToArray();
            Assert.All(ids, id => Assert.True(id is not null, $"{type.Name} has a member without a number"));
            Assert.Equal(ids.Length, ids.Distinct().Count());
        });
        var aliases = Published.Where(type => !type.IsEnum).Select(AliasOf).ToArray();
        Assert.Equal(aliases.Length, aliases.Distinct().Count());
    }

    [Fact]
    public void Every_method_is_named_and_takes_at_most_one_request() => Assert.All(Interfaces.SelectMany(type => type.GetMethods()), method =>
    {
        Assert.True(method.GetParameters().Length <= 1, $"{method.DeclaringType!.Name}.{method.Name} takes {method.GetParameters().Length}");
        Assert.NotNull(method.GetCustomAttribute<AliasAttribute>());
        Assert.True(typeof(Task).IsAssignableFrom(method.ReturnType));
    });

    [Fact]
    public void Enums_begin_with_none_and_repeat_no_number() => Assert.All(Published.Where(type => type.IsEnum), type =>
    {
        var values = Enum.GetValuesAsUnderlyingType(type).Cast<int>().ToArray();
        Assert.Equal("None", Enum.GetName(type, 0));
        Assert.Equal(Enumerable.Range(0, values.Length), values.Order());
    });

    /// <summary>The grains turn one into the other by number.</summary>
    [Fact]
    public void The_rules_own_enums_say_the_same_by_name_and_number()
    {
        var rules = typeof(Rules.BargainState).Assembly.GetExportedTypes().Where(type => type.IsEnum).ToDictionary(type => type.Name);
        (string Rule, string Contract)[] named = [("CutRuleKind", "CutPolicyKind"), ("JoinRule", "JoinPolicy")];
        var pairs = Published.Where(type => type.IsEnum && rules.ContainsKey(type.Name)).Select(type => (Rule: rules[type.Name], Contract: type))
            .Concat(named.Select(pair => (Rule: rules[pair.Rule], Contract: Published.Single(type => type.Name == pair.Contract))))
            .ToArray();

        Assert.Equal(13, pairs.Length);
        Assert.All(pairs, pair => Assert.Equal(ValuesOf(pair.Rule), ValuesOf(pair.Contract)));
        // The entry refusals are the first of both start enums; only the wrong kind has a name of its own in each.
        var entry = ValuesOf(typeof(Rules.EntryRefusal)).Where(value => !value.StartsWith("WrongKind", StringComparison.Ordinal)).ToArray();
        Assert.Equal(entry, ValuesOf(typeof(StartRefusal)).Intersect(entry));
        Assert.Equal(entry, ValuesOf(typeof(OpenRefusal)).Intersect(entry));
        Assert.Equal((int)Rules.EntryRefusal.WrongKind, (int)StartRefusal.NotABargainCampaign);
        Assert.Equal((int)Rules.EntryRefusal.WrongKind, (int)OpenRefusal.NotAGroupBuyCampaign);
    }

    [Fact]
    public void Refusals_stand_in_the_order_of_the_rules_page()
    {
        Assert.Equal(
            "bargainNotFound ownBargain bargainCancelled bargainExpired bargainWon bargainSoldOut helpedOwnerOnProductBefore dailyHelpLimitReached campaignPaused",
            InOrder<CutRefusal>());
        Assert.Equal(
            "teamNotFound teamFormed teamFailed teamFull campaignPaused notInvited newShoppersOnly unitLimitReached soldOut",
            InOrder<JoinRefusal>());

        static string InOrder<T>() where T : struct, Enum =>
            string.Join(' ', Enum.GetValues<T>().Order().Skip(1).Select(value => char.ToLowerInvariant($"{value}"[0]) + $"{value}"[1..]));
    }

    private static IEnumerable<string> LinesOf(Type type)
    {
        if (type.IsEnum) return [$"enum {type.Name}: {string.Join(", ", ValuesOf(type))}"];
        if (type.IsInterface)
        {
            return type.GetMethods().OrderBy(method => method.Name, StringComparer.Ordinal).Select(method =>
                $"{AliasOf(type)} {type.Name}.{method.Name} = {method.GetCustomAttribute<AliasAttribute>()?.Alias}: " +
                $"{string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))} -> {NameOf(method.ReturnType)}");
        }

        return MembersOf(type).OrderBy(IdOf).Select(member =>
            $"{AliasOf(type)} {type.Name}[{IdOf(member)}] {member.Name}: {NameOf(member.PropertyType)}{NullOf(member)}{(IsRequired(member) ? " required" : "")}")
            .DefaultIfEmpty($"{AliasOf(type)} {type.Name} (empty)");
    }

    private static PropertyInfo[] MembersOf(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(member => member.GetIndexParameters().Length == 0)];

    private static string[] ValuesOf(Type type) => [.. Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt32(Enum.Parse(type, name), null)}")];

    private static uint? IdOf(PropertyInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;

    private static string AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? "(no alias)";

    private static bool IsRequired(PropertyInfo member) => member.GetCustomAttribute<RequiredMemberAttribute>() is not null;

    private static string NullOf(PropertyInfo member) =>
        !member.PropertyType.IsValueType && new NullabilityInfoContext().Create(member).ReadState == NullabilityState.Nullable ? "?" : "";

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return NameOf(inner) + "?";
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
