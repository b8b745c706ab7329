namespace SocialCommerce.Rehearsal.Play;

/// <summary>
/// Chance that depends on the seed and on what is being decided, not on the order in which answers arrive: with the same seed the
/// same friend makes the same choices, however the requests interleave.
/// </summary>
internal static class Chance
{
    public static Random For(int seed, params ReadOnlySpan<object> about)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u ^ (uint)seed;
        foreach (var part in about)
        {
            foreach (var c in $"{part}|") hash = (hash ^ c) * 16777619u;
        }

        return new Random((int)hash);
    }

    public static bool Happens(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>How long somebody takes who takes <paramref name="mean"/> on average: most sooner, a few much later.</summary>
    public static TimeSpan Delay(this Random random, TimeSpan mean) => mean * -Math.Log(1 - random.NextDouble());
}
