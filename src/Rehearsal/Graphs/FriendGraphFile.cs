namespace SocialCommerce.Rehearsal.Graphs;

/// <summary>Reads friendships from text: one "a b" a line, blank lines and # comments skipped.</summary>
internal static class FriendGraphFile
{
    // Shopper ids are at most 64 characters, and a prefix and the run's name come on top.
    private const int NameLengthMax = 32;
    private const int FaultsNamedMax = 5;

    /// <exception cref="UsageException">The file can't be read, has no friendship, or has bad lines (named by number).</exception>
    public static FriendGraph Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path), Path.GetFileName(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--graph {path}: {e.Message}");
        }
    }

    /// <param name="lines">The text.</param>
    /// <param name="source">What to call it in a message.</param>
    /// <exception cref="UsageException">As for <see cref="Read"/>.</exception>
    public static FriendGraph Parse(IEnumerable<string> lines, string source)
    {
        var people = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>();
        var friendships = new List<(int, int)>();
        var faults = new List<string>();
        var number = 0;
        foreach (var raw in lines)
        {
            number++;
            var comment = raw.IndexOf('#', StringComparison.Ordinal);
            var words = (comment < 0 ? raw : raw[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (words.Length != 2)
            {
                faults.Add($"line {number} has {words.Length} words instead of 2");
            }
            else if (words.FirstOrDefault(w => !IsName(w)) is { } bad)
            {
                faults.Add($"line {number}: \"{(bad.Length > 40 ? bad[..40] + "…" : bad)}\" is no name (1 to {NameLengthMax} of A-Z a-z 0-9 . _ -)");
            }
            else
            {
                friendships.Add((NumberOf(words[0]), NumberOf(words[1])));
            }
        }

        if (faults.Count > 0)
        {
            var more = faults.Count > FaultsNamedMax ? $"; and {faults.Count - FaultsNamedMax} more" : "";
            throw new UsageException($"--graph {source}: {string.Join("; ", faults.Take(FaultsNamedMax))}{more}");
        }

        return friendships.Any(f => f.Item1 != f.Item2)
            ? FriendGraph.Of(names, friendships)
            : throw new UsageException($"--graph {source} has no friendship in it");

        int NumberOf(string name)
        {
            if (people.TryGetValue(name, out var known)) return known;
            people.Add(name, names.Count);
            names.Add(name);
            return names.Count - 1;
        }
    }

    private static bool IsName(string word) =>
        word.Length <= NameLengthMax && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
