using System.Text.RegularExpressions;

namespace SocialCommerce.Architecture.Tests;

/// <summary>A link in a page leads to a file that is there, and to a heading that is in it.</summary>
public sealed partial class DocLinkTests
{
    private static readonly string[] Pages =
    [
        "README.md", "src/GrainInterfaces/README.md",
        .. new[] { "docs", "deploy", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')),
    ];

    [Fact]
    public void Every_link_leads_somewhere()
    {
        var links = Pages.SelectMany(page => Link().Matches(Repository.Text(page)).Select(match => (Page: page, Target: match.Groups[1].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal)).ToArray();
        Assert.True(links.Length > 15, "The links were not found.");
        Assert.All(links, link =>
        {
            var parts = link.Target.Split('#');
            var file = parts[0].Length == 0 ? Repository.Path(link.Page) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.Path(link.Page))!, parts[0]));
            Assert.True(File.Exists(file) || Directory.Exists(file), $"{link.Page}: {link.Target} is not there");
            if (parts.Length > 1) Assert.True(AnchorsOf(file).Contains(parts[1]), $"{link.Page}: {link.Target} names no heading");
        });
    }

    private static IEnumerable<string> AnchorsOf(string file) => Heading().Matches(File.ReadAllText(file)).Select(match => AnchorOf(match.Groups[1].Value));

    /// <summary>As Markdown's readers make it: small letters, hyphens for blanks, nothing else but letters and digits.</summary>
    private static string AnchorOf(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?m)^#+ (.*?)\s*$")]
    private static partial Regex Heading();
}
