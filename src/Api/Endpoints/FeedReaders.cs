using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace SocialCommerce.Api;

/// <summary>
/// Lends feed grains out, one to each read under way. The feed keeps no state under any key, and a waiting read occupies its activation: with one
/// shared key, consumers that wait would wait for one another.
/// </summary>
internal sealed class FeedReaders(IGrainFactory grains)
{
    private readonly ConcurrentBag<string> _free = [];

    // Processes of one cluster must not share activations either.
    private readonly string _process = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private int _count;

    /// <exception cref="OperationCanceledException">The caller gave up; the read goes on to its own end.</exception>
    public Task<FeedReply> Read(FeedQuery query, CancellationToken giveUp) => Read(query).WaitAsync(giveUp);

    private async Task<FeedReply> Read(FeedQuery query)
    {
        if (!_free.TryTake(out var key)) key = string.Create(CultureInfo.InvariantCulture, $"reader-{_process}-{Interlocked.Increment(ref _count)}");
        try
        {
            return await grains.GetGrain<IFeedGrain>(key).Read(query);
        }
        finally
        {
            // Here, when the grain is done with it, not when the caller has lost patience.
            _free.Add(key);
        }
    }
}
