using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Api;

/// <summary>
/// Answers about the fairness of bargains. That of a bargain that is over never changes, and every helper may ask for it: one of tens of thousands
/// of cuts takes some tenths of a second to make, so large ones are kept, and made once for all who ask meanwhile.
/// </summary>
internal sealed class FairnessAnswers : IDisposable
{
    private const int LargeBytes = 64 * 1024;
    private const long KeptBytesMost = 64L * 1024 * 1024;
    private const int MemoryParts = 32;

    // When the talk of a bargain is over its answer is as well.
    private static readonly MemoryCacheEntryOptions KeptAfterUse = new() { SlidingExpiration = TimeSpan.FromMinutes(10) };

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Math.Min(KeptBytesMost, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryParts) });
    private readonly ConcurrentDictionary<string, Lazy<Task<Made?>>> _underWay = new(StringComparer.Ordinal);

    /// <summary>The answer as JSON; null when there is no such bargain.</summary>
    public async Task<byte[]?> Of(string bargainId, Func<Task<FairnessView?>> ask)
    {
        if (_kept.TryGetValue(bargainId, out byte[]? kept)) return kept;

        // Entered before it asks, so that nobody passes between the two.
        var own = new Lazy<Task<Made?>>(() => Make(bargainId, ask));
        var first = _underWay.GetOrAdd(bargainId, own);
        if (first != own)
        {
            if (await FinalOf(first.Value) is { } shared) return shared.Json;
            _underWay[bargainId] = own;
        }
        try
        {
            return (await own.Value)?.Json;
        }
        finally
        {
            _underWay.TryRemove(new(bargainId, own));
        }
    }

    public void Dispose() => _kept.Dispose();

    // What others are told of a bargain that is not over may be older than this question; and a fault is for who met it.
    private static async Task<Made?> FinalOf(Task<Made?> others)
    {
        await ((Task)others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return others.IsCompletedSuccessfully && await others is { IsFinal: true } made ? made : null;
    }

    private async Task<Made?> Make(string bargainId, Func<Task<FairnessView?>> ask)
    {
        // Whoever was under way when this question looked may have kept it since.
        if (_kept.TryGetValue(bargainId, out byte[]? kept)) return new Made(kept!, IsFinal: true);
        if (await ask() is not { } fairness) return null;
        var made = new Made(JsonAnswer.ToBytes(fairness, ApiJson.Default.FairnessView), fairness.Seed is not null);
        if (made.IsFinal && made.Json.Length >= LargeBytes) Keep(bargainId, made.Json);
        return made;
    }

    private void Keep(string bargainId, byte[] json)
    {
        using var entry = _kept.CreateEntry(bargainId);
        entry.SetOptions(KeptAfterUse).SetSize(json.Length).SetValue(json);
    }

    private sealed record Made(byte[] Json, bool IsFinal);
}
