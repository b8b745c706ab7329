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
    private const double AlreadyKnown = 0.85;

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

    // Preferential attachment among the ties between circles: who has some gets more, because the other end is mostly taken from
    // an earlier tie. Ties within circles stay out of it, or nobody would stand out.
    private static void Hubs(int people, Random random, List<(int A, int B)> ties)
    {
        var known = new List<int>();
        for (var a = 0; a < people; a++)
        {
            for (var i = 0; i < TiesOutward; i++)
            {
                var b = known.Count > 0 && random.NextDouble() < AlreadyKnown ? known[random.Next(known.Count)] : random.Next(people);
                ties.Add((a, b));
                known.Add(b);
            }
        }
    }
}
