using System.Text.Json;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>The ids of all campaigns, in order.</summary>
internal sealed class CampaignIndex(IJournal journal, TimeProvider monotonic)
    : FeedFollower(journal, "campaigns-1", Kinds, TimeSpan.Zero, monotonic)
{
    /// <summary>Drafted, and published.</summary>
    public static readonly HashSet<short> Kinds = [10, 11];

    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);

    public Task<string[]> After(string campaignId) => Look(() =>
        campaignId.Length == 0 ? [.. _ids] : _ids.GetViewBetween(campaignId + '\0', "\uffff").ToArray());

    protected override void Apply(FeedEvent happened) => _ids.Add(happened.Stream[Streams.CampaignPrefix.Length..]);

    protected override byte[] Copy() => JsonSerializer.SerializeToUtf8Bytes([.. _ids], PictureJson.Default.StringArray);

    protected override Task Restore(ReadOnlyMemory<byte> copy)
    {
        _ids.UnionWith(JsonSerializer.Deserialize(copy.Span, PictureJson.Default.StringArray)!);
        return Task.CompletedTask;
    }
}
