using System.Reflection;
using System.Xml.Linq;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Architecture.Tests;

/// <summary>What integrators get: one package, whose every type and method says what it is for.</summary>
public sealed class PackageTests
{
    private const string Published = "src/GrainInterfaces/GrainInterfaces.csproj";

    private static readonly Assembly Contracts = typeof(IShopperGrain).Assembly;

    private static readonly Dictionary<string, XElement> Documented = XDocument.Load(Path.ChangeExtension(Contracts.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    private static Type[] Types => [.. Contracts.GetExportedTypes().Where(type => type.Namespace == typeof(IShopperGrain).Namespace)];

    [Fact]
    public void Every_published_type_says_what_it_is_for()
    {
        Assert.True(Types.Length > 50, "The contracts were not found.");
        Assert.All(Types, type => Assert.True(HasSummary("T:" + type.FullName), $"{type.Name} has no summary"));
    }

    /// <summary>What holds after a call, and whether it may be repeated, is nowhere else.</summary>
    [Fact]
    public void Every_grain_method_says_what_it_does()
    {
        var methods = Types.Where(type => type.IsInterface).SelectMany(type => type.GetMethods()).ToArray();
        Assert.True(methods.Length > 25, "The grain methods were not found.");
        Assert.All(methods, method => Assert.True(HasSummary(NameOf(method)), $"{method.DeclaringType!.Name}.{method.Name} has no summary"));
    }

    /// <summary>Of what else is named, the name alone says all there is; these have bounds or units or are told apart by words.</summary>
    [Theory]
    [InlineData("RequestKey.Key")]
    [InlineData("RequestKey.Fingerprint")]
    [InlineData("Payment.PaymentId")]
    [InlineData("Payment.AmountFen")]
    [InlineData("RefundConfirmation.RefundId")]
    [InlineData("FeedQuery.Limit")]
    [InlineData("FeedQuery.WaitSeconds")]
    [InlineData("FeedReply.CursorIsValid")]
    [InlineData("StoreUnavailableException.OutcomeUnknown")]
    [InlineData("PublicEvent.Data")]
    public void A_member_with_a_bound_or_a_unit_tells_it(string member) =>
        Assert.True(HasSummary($"P:{typeof(IShopperGrain).Namespace}.{member}"), $"{member} has no summary");

    [Fact]
    public void Every_outcome_is_told_apart_in_words() =>
        Assert.All(Enum.GetNames<Outcome>(), name => Assert.True(HasSummary($"F:{typeof(Outcome).FullName}.{name}"), $"Outcome.{name} has no summary"));

    [Fact]
    public void One_project_alone_makes_a_package()
    {
        Assert.Equal("false", Property(XDocument.Load(Repository.Path("Directory.Build.props")), "IsPackable"));
        Assert.Equal([Published], Repository.Projects.Where(project => Property(project.Value, "IsPackable") == "true").Select(project => project.Key));
    }

    [Fact]
    public void The_package_says_what_it_is()
    {
        var project = Repository.Projects[Published];
        foreach (var name in new[] { "PackageId", "Title", "Description", "PackageTags", "PackageReadmeFile" })
            Assert.False(string.IsNullOrWhiteSpace(Property(project, name)), $"{name} is missing");
        Assert.True(File.Exists(Repository.Path("src/GrainInterfaces/" + Property(project, "PackageReadmeFile"))));
        Assert.Null(Property(project, "Version"));
        Assert.Equal(Property(XDocument.Load(Repository.Path("Directory.Build.props")), "Version"), Contracts.GetName().Version!.ToString(3));
    }

    private static bool HasSummary(string member) =>
        Documented.TryGetValue(member, out var element) && !string.IsNullOrWhiteSpace(element.Element("summary")?.ToString(SaveOptions.DisableFormatting)[9..^10]);

    private static string NameOf(MethodInfo method)
    {
        var parameters = string.Join(',', method.GetParameters().Select(parameter => parameter.ParameterType.FullName));
        return $"M:{method.DeclaringType!.FullName}.{method.Name}{(parameters.Length > 0 ? $"({parameters})" : "")}";
    }

    private static string? Property(XDocument project, string name) => project.Descendants(name).FirstOrDefault()?.Value;
}
