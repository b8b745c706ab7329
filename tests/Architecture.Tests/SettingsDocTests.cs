using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SocialCommerce.Grains;

namespace SocialCommerce.Architecture.Tests;

/// <summary>docs/settings.md names the settings that there are, all of them and no others, with the defaults that they have.</summary>
public sealed partial class SettingsDocTests
{
    private static readonly Row[] Rows = [.. Repository.Text("docs/settings.md").Split('\n').Select(line => RowLine().Match(line)).Where(match => match.Success)
        .Select(match => new Row(match.Groups[1].Value, match.Groups[2].Value.Trim(), match.Groups[3].Value.Trim(), match.Groups[4].Value.Trim()))];

    private sealed record Row(string Name, string Default, string Range, string Meaning);

    [Fact]
    public void The_tables_name_every_setting_once_and_no_other()
    {
        var named = Rows.Select(row => row.Name).Where(name => name.Contains(':', StringComparison.Ordinal)).ToArray();
        Assert.Equal(Settings.All.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_variable_of_our_own_is_in_the_table()
    {
        var read = Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories).SelectMany(file => OwnVariable().Matches(File.ReadAllText(file)).Select(match => match.Value)).Distinct();
        Assert.Equal(read.Order(StringComparer.Ordinal), Rows.Select(row => row.Name).Where(name => name.StartsWith("SOCIALCOMMERCE_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_setting_says_what_it_is() => Assert.All(Rows, row => Assert.True(row.Default.Length > 0 && row.Meaning.Length > 0, $"{row.Name} has no default or meaning"));

    [Fact]
    public void The_engines_defaults_are_as_told()
    {
        var defaults = new EngineOptions();
        foreach (var setting in typeof(EngineOptions).GetProperties().Where(property => property.CanWrite && property.Name != nameof(EngineOptions.ShareKey)))
            Assert.Equal(Told("Engine:" + setting.Name), string.Format(CultureInfo.InvariantCulture, "{0}", setting.GetValue(defaults)));
    }

    [Fact]
    public void The_clusters_defaults_are_as_told()
    {
        var silo = Assembly.Load("SocialCommerce.Silo");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Cluster:ConnectionString", (string?)"Host=db")]).Build();
        var read = silo.GetType("SocialCommerce.Silo.ClusterSettingsReader", throwOnError: true)!.GetMethod("Read", [typeof(IConfiguration), typeof(bool)])!;
        var settings = read.Invoke(null, [configuration, true])!;
        foreach (var name in Settings.Cluster.Select(name => name["Cluster:".Length..]).Where(name => !name.Contains(':', StringComparison.Ordinal) && name is not ("ConnectionString" or "AdvertisedAddress")))
        {
            var value = settings.GetType().GetProperty(name)!.GetValue(settings);
            Assert.Equal(Told("Cluster:" + name), value is bool flag ? (flag ? "true" : "false") : string.Format(CultureInfo.InvariantCulture, "{0}", value));
        }
    }

    /// <summary>What stands first in the column, between backticks.</summary>
    private static string Told(string name) => FirstValue().Match(Rows.Single(row => row.Name == name).Default).Groups[1].Value;

    [GeneratedRegex(@"^\| `([^`]+)` \|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|$")]
    private static partial Regex RowLine();

    [GeneratedRegex("SOCIALCOMMERCE_[A-Z_]+")]
    private static partial Regex OwnVariable();

    [GeneratedRegex("^`([^`]*)`")]
    private static partial Regex FirstValue();
}
