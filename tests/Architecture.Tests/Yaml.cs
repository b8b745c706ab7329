using YamlDotNet.RepresentationModel;

namespace SocialCommerce.Architecture.Tests;

/// <summary>YAML files as trees, and short ways to walk them.</summary>
internal static class Yaml
{
    public static IReadOnlyList<YamlNode> Documents(string path)
    {
        var stream = new YamlStream();
        using var text = new StringReader(Repository.Text(path));
        stream.Load(text);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    /// <summary>The node at a path of keys, or null.</summary>
    public static YamlNode? At(this YamlNode node, params string[] path)
    {
        YamlNode? found = node;
        foreach (var key in path) found = found.Entries().FirstOrDefault(entry => entry.Key == key).Value;
        return found;
    }

    public static string? Text(this YamlNode? node) => (node as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => (node as YamlSequenceNode)?.Children ?? Enumerable.Empty<YamlNode>();

    /// <summary>Its own keys, and those of what it merges (<c>&lt;&lt;</c>) that it does not say otherwise.</summary>
    public static IEnumerable<KeyValuePair<string, YamlNode>> Entries(this YamlNode? node)
    {
        var all = (node as YamlMappingNode)?.Children.Select(child => KeyValuePair.Create(child.Key.Text()!, child.Value)).ToArray() ?? [];
        var own = all.Where(entry => entry.Key != "<<").ToArray();
        var merged = all.Where(entry => entry.Key == "<<").SelectMany(entry => entry.Value.Entries());
        return own.Concat(merged.ExceptBy(own.Select(entry => entry.Key), entry => entry.Key));
    }
}
