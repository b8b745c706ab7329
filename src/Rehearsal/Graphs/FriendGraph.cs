namespace SocialCommerce.Rehearsal.Graphs;

/// <summary>Who is whose friend: undirected, without loops or doubles. People are numbered from 0; each has a name, unique.</summary>
internal sealed class FriendGraph
{
    private readonly string[] _names;
    private readonly int[][] _friends;

    private FriendGraph(string[] names, int[][] friends)
    {
        _names = names;
        _friends = friends;
    }

    public int People => _names.Length;
    public int Friendships => _friends.Sum(f => f.Length) / 2;
    public int MostFriends => _friends.Max(f => f.Length);

    public string NameOf(int person) => _names[person];
    public ReadOnlySpan<int> FriendsOf(int person) => _friends[person];

    /// <summary>A graph of those names; a friendship said twice, in either direction, counts once, and one with oneself not at all.</summary>
    public static FriendGraph Of(IReadOnlyList<string> names, IEnumerable<(int A, int B)> friendships)
    {
        var friends = new SortedSet<int>[names.Count];
        for (var i = 0; i < friends.Length; i++) friends[i] = [];
        foreach (var (a, b) in friendships)
        {
            if (a == b) continue;
            friends[a].Add(b);
            friends[b].Add(a);
        }

        return new FriendGraph([.. names], [.. friends.Select(f => f.ToArray())]);
    }
}
