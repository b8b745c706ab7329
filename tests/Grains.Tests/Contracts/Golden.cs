using System.Runtime.CompilerServices;

namespace SocialCommerce.Grains.Tests.Contracts;

/// <summary>
/// A file beside the test that says what was released. A line that changes or goes breaks those who have the older one; lines are added
/// by running the tests once with <c>GOLDEN=write</c> and looking at the difference.
/// </summary>
internal static class Golden
{
    public static void Is(string name, IEnumerable<string> lines, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, name);
        var actual = lines.ToArray();
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write") File.WriteAllLines(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing.");
        Assert.Equal(File.ReadAllLines(path), actual);
    }
}
