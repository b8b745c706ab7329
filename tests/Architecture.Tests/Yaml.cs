using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SocialCommerce.Architecture.Tests;

/// <summary>YAML files as trees, and short ways to walk them.</summary>
internal static class Yaml
{
    public static IReadOnlyList<YamlNode> Documents(string path)
    {
        var stream = new YamlStream();
        // Merge keys (<<) are taken as what they mean.
        using var text = new StringReader(Repository.Text(path));
        stream.Load(new MergingParser(new Parser(text)));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    /// <summary>The node at a path of keys, or null.</summary>
    public static YamlNode? At(this YamlNode node, params string[] path)
    {
        foreach (var key in path)
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(key), out var child)) return null;
            node = child;
        }

        return node;
    }

    public static string? Text(this YamlNode? node) => (node as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => (node as YamlSequenceNode)?.Children ?? Enumerable.Empty<YamlNode>();

    public static IEnumerable<KeyValuePair<string, YamlNode>> Entries(this YamlNode? node) =>
        (node as YamlMappingNode)?.Children.Select(child => KeyValuePair.Create(child.Key.Text()!, child.Value)) ?? [];

    /// <summary>The node and all beneath it.</summary>
    public static IEnumerable<YamlNode> AndBeneath(this YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(child => child.Key.AndBeneath().Concat(child.Value.AndBeneath())).Prepend(node),
        YamlSequenceNode list => list.Children.SelectMany(AndBeneath).Prepend(node),
        _ => [node],
    };
}
