using System.Xml.Linq;

namespace SocialCommerce.Architecture.Tests;

/// <summary>The files of the repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static string Text(string relative) => File.ReadAllText(Path(relative));

    /// <summary>Every project, by its path in the repository.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } = new[] { "src", "tests", "samples", "benchmarks" }
        .SelectMany(folder => Directory.EnumerateFiles(Path(folder), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'), XDocument.Load);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "SocialCommerce.sln")) ? folder : Find(Directory.GetParent(folder)?.FullName ?? throw new InvalidOperationException("These tests do not lie in the repository."));
}
