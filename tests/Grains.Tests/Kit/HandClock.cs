namespace SocialCommerce.Grains.Tests;

/// <summary>The domain's time, moved by the test alone.</summary>
public sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public DateTimeOffset Now => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _ticks, now.UtcTicks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}

/// <summary>Another machine's clock, which goes a little before or after.</summary>
public sealed class SkewedClock(TimeProvider clock, TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;
}

/// <summary>The same ids and seeds in every run.</summary>
public sealed class SeededChance(int seed) : IChance
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes)
    {
        lock (_gate) _random.NextBytes(bytes);
    }
}
