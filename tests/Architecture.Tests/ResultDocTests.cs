using System.Text.RegularExpressions;

namespace SocialCommerce.Architecture.Tests;

/// <summary>The figures of README.md and docs/performance.md are those of results that are in the repository.</summary>
public sealed partial class ResultDocTests
{
    private static readonly string Page = Repository.Text("docs/performance.md");

    private static readonly IReadOnlyList<string> Results = [.. Result().Matches(Page).Select(match => match.Value)];

    /// <summary>A run's result is ignored by git until it is added by force: in a fresh clone this fails where that was forgotten.</summary>
    [Fact]
    public void Every_result_it_names_is_there()
    {
        Assert.NotEmpty(Results);
        Assert.All(Results, result => Assert.All(new[] { ".txt", ".json", ".md" }, kind => Assert.True(File.Exists(Repository.Path(result + kind)), $"{result}{kind} is not there")));
    }

    [Fact]
    public void Its_table_is_that_of_the_first() => Assert.Contains(Repository.Text(Results[0] + ".md").Trim(), Page, StringComparison.Ordinal);

    [Fact]
    public void The_figures_in_README_are_that_results()
    {
        var readme = Repository.Text("README.md");
        Assert.Contains(Results[0], readme, StringComparison.Ordinal);
        var table = Repository.Text(Results[0] + ".txt");
        var figures = Figure().Matches(readme);
        Assert.NotEmpty(figures);
        Assert.All(figures, figure =>
        {
            var line = Assert.Single(table.Split('\n'), line => line.StartsWith(figure.Groups["row"].Value + " ", StringComparison.Ordinal));
            Assert.Contains($"  {figure.Groups["median"].Value}  ", line, StringComparison.Ordinal);
        });
    }

    /// <summary>A line of a table that ends with the row of the result that its figure is from.</summary>
    [GeneratedRegex(@"^\|.*\| (?<median>[\d,.]+ \S+) \| `(?<row>[\w./-]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Figure();

    [GeneratedRegex(@"benchmarks/results/\d[\w-]+")]
    private static partial Regex Result();
}
