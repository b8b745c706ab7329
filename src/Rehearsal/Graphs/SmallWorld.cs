using System.Globalization;

namespace SocialCommerce.Rehearsal.Graphs;

/// <summary>
/// A made-up friendship graph of the shape real ones have: circles in which most know each other, a few people whom everybody
/// knows, and ties between circles that make the world small. The same seed and size give the same graph.
/// </summary>
internal static class SmallWorld
{
    private const int CircleLeast = 12;
    private const int CircleMost = 40;
    private const double KnownInCircle = 0.45;
    private const int TiesOutward = 3;

    public static FriendGraph Of(int people, int seed)
    {
        var random = new Random(seed);
        var ties = new List<(int, int)>();
        for (var first = 0; first < people;)
        {
            var size = Math.Min(random.Next(CircleLeast, CircleMost + 1), people - first);
            Circle(first, size, random, ties);
            first += size;
        }

        Hubs(people, random, ties);
        return FriendGraph.Of([.. Enumerable.Range(0, people).Select(i => i.ToString(CultureInfo.InvariantCulture))], ties);
    }

    private static void Circle(int first, int size, Random random, List<(int, int)> ties)
    {
        for (var a = first; a < first + size; a++)
        {
            // Everybody knows the one before, so that no circle falls apart.
            if (a > first) ties.Add((a - 1, a));
            for (var b = a + 2; b < first + size; b++)
            {
                if (random.NextDouble() < KnownInCircle) ties.Add((a, b));
            }
        }
    }

    // Preferential attachment: who has ties gets more, because the other end is taken from an earlier tie.
    private static void Hubs(int people, Random random, List<(int A, int B)> ties)
    {
        for (var a = 1; a < people; a++)
        {
            for (var i = 0; i < TiesOutward; i++)
            {
                var (one, other) = ties[random.Next(ties.Count)];
                ties.Add((a, random.Next(2) == 0 ? one : other));
            }
        }
    }
}
