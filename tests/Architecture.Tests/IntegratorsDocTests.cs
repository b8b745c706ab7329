using System.Text.RegularExpressions;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Architecture.Tests;

/// <summary>docs/integrators.md shows code that compiles, and knows every grain, outcome and exception of the contracts.</summary>
public sealed partial class IntegratorsDocTests
{
    private static readonly string Page = Repository.Text("docs/integrators.md");

    [Fact]
    public void Every_piece_of_code_is_a_piece_of_the_sample()
    {
        var sample = Directory.EnumerateFiles(Repository.Path("samples/Integrator"), "*.cs").Select(file => Lines(File.ReadAllText(file))).ToArray();
        var pieces = CSharp().Matches(Page).Select(match => Lines(match.Groups[1].Value)).ToArray();
        Assert.True(pieces.Length > 4, "The pieces of code were not found.");
        Assert.All(pieces, piece => Assert.True(Array.Exists(sample, file => file.Contains(piece, StringComparison.Ordinal)), $"not in the sample:\n{piece}"));
    }

    [Fact]
    public void Every_grain_outcome_and_exception_is_told_of()
    {
        var contracts = typeof(IShopperGrain).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(IShopperGrain).Namespace).ToArray();
        var words = contracts.Where(type => type.IsInterface || typeof(Exception).IsAssignableFrom(type)).Select(type => type.Name)
            .Concat(Enum.GetNames<Outcome>().Where(name => name != nameof(Outcome.None))).ToArray();
        Assert.True(words.Length > 12, "The contracts were not found.");
        Assert.All(words, word => Assert.Contains($"`{word}`", Page, StringComparison.Ordinal));
    }

    /// <summary>Whether a command may be repeated is the first thing that its caller must know.</summary>
    [Fact]
    public void Every_command_of_a_grain_is_told_how_it_may_be_repeated()
    {
        var repeating = Page[Page.IndexOf("## Repeating", StringComparison.Ordinal)..Page.IndexOf("## Payments", StringComparison.Ordinal)];
        Type[] grains = [typeof(IShopperGrain), typeof(IBargainGrain), typeof(ITeamGrain), typeof(IPurchaseGrain), typeof(ICampaignGrain)];
        string[] reads = ["Get", "Watch", "Cuts", "Fairness", "Share", "Me"];
        var commands = grains.SelectMany(grain => grain.GetMethods()).Select(method => method.Name).Except(reads).Distinct().ToArray();
        Assert.Equal(16, commands.Length);
        Assert.All(commands, command => Assert.Contains($"`{command}`", repeating, StringComparison.Ordinal));
    }

    /// <summary>Without what stands before a line: the page indents otherwise.</summary>
    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("(?s)```csharp\n(.*?)```")]
    private static partial Regex CSharp();
}
