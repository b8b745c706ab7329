namespace SocialCommerce.Simulation.Tests;

/// <summary>Chance from a seed (SplitMix64): the same draws in every process and on every machine.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to one less than <paramref name="count"/>.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Both ends included.</summary>
    public long Between(long min, long max) => min + (long)Math.BigMul(Next(), (ulong)(max - min) + 1, out _);

    public bool Happens(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Up to <paramref name="most"/>, a tenth of it as likely as a hundredth: most waits are short, some are long.</summary>
    public TimeSpan Wait(TimeSpan most)
    {
        var ticks = most.Ticks >> Below(12);
        return TimeSpan.FromTicks(ticks <= 0 ? 0 : Between(0, ticks));
    }

    /// <summary>Another source, whose draws take none from this one.</summary>
    public Dice Split() => new(Next());
}
