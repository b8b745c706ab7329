using System.Collections.Concurrent;

namespace SocialCommerce.Api;

/// <summary>Lets one line a second through for each code and counts the others: in a bad minute they come by the thousand.</summary>
internal sealed class OncePerSecond(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>True when a line is due.</summary>
    /// <param name="count">How many there were since the line before, with this one.</param>
    public bool IsDue(string code, out int count) => _tallies.GetOrAdd(code, static _ => new Tally()).IsDue(time, out count);

    private sealed class Tally
    {
        private readonly Lock _gate = new();
        private long? _told;
        private int _count;

        public bool IsDue(TimeProvider time, out int count)
        {
            lock (_gate)
            {
                count = ++_count;
                if (_told is { } told && time.GetElapsedTime(told) < TimeSpan.FromSeconds(1)) return false;
                _told = time.GetTimestamp();
                _count = 0;
                return true;
            }
        }
    }
}
