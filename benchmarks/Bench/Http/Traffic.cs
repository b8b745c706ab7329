namespace SocialCommerce.Bench;

/// <summary>Numbered requests. Many connections take numbers at once; each number is sent once.</summary>
internal abstract class Traffic
{
    private long _taken;

    /// <summary>The status that every answer should have.</summary>
    public abstract int Expected { get; }

    /// <summary>So many numbers were given out.</summary>
    public long Taken => Math.Min(Interlocked.Read(ref _taken), Count);

    /// <summary>There are so many; then the load ends.</summary>
    protected virtual long Count => long.MaxValue;

    public bool TryTake(out long number)
    {
        number = Interlocked.Increment(ref _taken) - 1;
        return number < Count;
    }

    /// <summary>Writes the request of a number; gives its length.</summary>
    public abstract int Write(long number, Span<byte> request);

    /// <summary>The answer to a number. A number without an answer was cut off: it may or may not have had its effect.</summary>
    public virtual void Told(long number, int status, ReadOnlySpan<byte> body) { }
}
