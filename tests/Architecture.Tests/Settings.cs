using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using SocialCommerce.Api;
using SocialCommerce.Grains;

namespace SocialCommerce.Architecture.Tests;

/// <summary>Every setting that there is, asked of those who read them. Places in a list are written as 0.</summary>
internal static partial class Settings
{
    private static readonly Assembly Silo = Assembly.Load("SocialCommerce.Silo");

    public static IReadOnlyList<string> Engine { get; } =
        [.. typeof(EngineOptions).GetProperties().Where(property => property.CanWrite).Select(property => $"{EngineOptions.Section}:{property.Name}")];

    public static IReadOnlyList<string> Cluster { get; } =
        [.. ((IEnumerable<string>)Silo.GetType("SocialCommerce.Silo.ClusterSettingsReader", throwOnError: true)!.GetProperty("Names")!.GetValue(null)!).Select(name => "Cluster:" + name)];

    public static IReadOnlyList<string> Api { get; } =
    [
        .. NamesIn("Api").Except(["Api:Keys", "Api:Jwt", "Api:RateLimit"]),
        .. NamesIn("Api:Keys:0").Select(name => name == "Api:Keys:0:Scopes" ? name + ":0" : name), .. NamesIn("Api:Jwt"), .. NamesIn("Api:RateLimit"),
    ];

    public static IEnumerable<string> All => Engine.Concat(Cluster).Concat(Api);

    /// <summary>What an environment variable or a key of the configuration names, as it stands in the lists here.</summary>
    public static string Canonical(string name) => Place().Replace(name.Replace("__", ":", StringComparison.Ordinal), ":0");

    /// <summary>The API names its settings when it meets one that is none of them.</summary>
    private static IEnumerable<string> NamesIn(string section)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [section + ":Stranger"] = "1" });
        var faults = Assert.Throws<ConfigurationFaultsException>(() => builder.AddSocialCommerceApi()).Faults;
        var fault = faults.Single(fault => fault.StartsWith(section + ":Stranger is not a setting", StringComparison.Ordinal));
        var names = fault[(fault.IndexOf("there are ", StringComparison.Ordinal) + 10)..].TrimEnd('.').Split(", ");
        return names.Select(name => $"{section}:{name}");
    }

    [GeneratedRegex(@":\d+(?=:|$)")]
    private static partial Regex Place();
}
