using SocialCommerce.Rehearsal.Graphs;

namespace SocialCommerce.Rehearsal.Tests;

public sealed class GraphTests
{
    [Fact]
    public void Friendships_are_read_with_comments_blank_lines_doubles_and_loops()
    {
        var graph = FriendGraphFile.Parse(["# friends", "", "a b", "b\ta # again, the other way", " c  a ", "c c"], "test");

        Assert.Equal(3, graph.People);
        Assert.Equal(2, graph.Friendships);
        Assert.Equal(["b", "c"], graph.FriendsOf(0).ToArray().Select(graph.NameOf));
        Assert.Equal("a", graph.NameOf(0));
    }

    [Fact]
    public void Bad_lines_are_named_by_number_and_counted()
    {
        var e = Assert.Throws<UsageException>(() =>
            FriendGraphFile.Parse(["a b", "a", "a b c", "a b/c", "x", "x", "x"], "friends.txt"));

        Assert.Contains("friends.txt", e.Message, StringComparison.Ordinal);
        Assert.Contains("line 2 has 1 words", e.Message, StringComparison.Ordinal);
        Assert.Contains("line 3 has 3 words", e.Message, StringComparison.Ordinal);
        Assert.Contains("line 4: \"b/c\" is no name", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("and 1 more", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("# nobody")]
    [InlineData("a a")]
    public void A_file_without_a_friendship_is_refused(params string[] lines) =>
        Assert.Contains("no friendship", Assert.Throws<UsageException>(() => FriendGraphFile.Parse(lines, "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_generated_graph_follows_from_its_seed_and_leaves_nobody_alone()
    {
        var (one, same, other) = (SmallWorld.Of(400, 7), SmallWorld.Of(400, 7), SmallWorld.Of(400, 8));

        Assert.Equal(Ties(one), Ties(same));
        Assert.NotEqual(Ties(one), Ties(other));
        Assert.Equal(400, one.People);
        Assert.All(Enumerable.Range(0, 400), p => Assert.NotEqual(0, one.FriendsOf(p).Length));

        // Hubs: somebody knows several times as many as the average.
        Assert.True(one.MostFriends > 2.5 * 2 * one.Friendships / 400, $"{one.MostFriends} of {one.Friendships}");

        static List<(int, int)> Ties(FriendGraph graph) =>
            [.. Enumerable.Range(0, graph.People).SelectMany(p => graph.FriendsOf(p).ToArray().Select(f => (p, f)))];
    }
}
