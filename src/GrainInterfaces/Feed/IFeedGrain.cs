using System.Collections.Immutable;
using System.Globalization;
using Orleans.Concurrency;

namespace SocialCommerce.GrainInterfaces;

/// <summary>The feed of public events in their one order; any key, it keeps no state.</summary>
[Alias("sc.feed")]
public interface IFeedGrain : IGrainWithStringKey
{
    /// <summary>Events after a cursor. Waits up to <see cref="FeedQuery.WaitSeconds"/> for the first one.</summary>
    [Alias("read")]
    Task<FeedReply> Read(FeedQuery query);
}

/// <summary>Where to read the feed from.</summary>
[GenerateSerializer, Immutable, Alias("sc.feed-query")]
public sealed record FeedQuery
{
    /// <summary>The cursor of the page before; empty for the start.</summary>
    [Id(0)] public string After { get; init; } = "";
    /// <summary>1 to 200.</summary>
    [Id(1)] public int Limit { get; init; } = 50;
    /// <summary>0 to 10; more is taken as 10.</summary>
    [Id(2)] public int WaitSeconds { get; init; }

    /// <summary>True for what has the form of this feed's cursors, two whole numbers with a dash between; it need not be one that was given.</summary>
    public static bool IsCursor(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash >= 0 && IsCount(text.AsSpan(0, dash)) && IsCount(text.AsSpan(dash + 1));

        static bool IsCount(ReadOnlySpan<char> digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}

/// <summary>A page of the feed.</summary>
[GenerateSerializer, Immutable, Alias("sc.feed-reply")]
public sealed record FeedReply
{
    [Id(0)] public ImmutableArray<PublicEvent> Items { get; init; } = [];
    /// <summary>Where to read on, always given.</summary>
    [Id(1)] public string Next { get; init; } = "";
    /// <summary>False when the cursor is not one of ours; nothing was read.</summary>
    [Id(2)] public bool CursorIsValid { get; init; } = true;
    /// <summary>True when there is more to look through, though there was nothing public so far: ask on at once.</summary>
    [Id(3)] public bool More { get; init; }
}

/// <summary>An event for the shop's other systems. Reported at least once; <see cref="Id"/> drops repeats.</summary>
[GenerateSerializer, Immutable, Alias("sc.public-event")]
public sealed record PublicEvent
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required string Type { get; init; }
    [Id(2)] public DateTimeOffset OccurredAt { get; init; }
    [Id(3)] public string CampaignId { get; init; } = "";
    [Id(4)] public string SubjectId { get; init; } = "";
    [Id(5)] public int Version { get; init; }
    /// <summary>The event's own members, as JSON.</summary>
    [Id(6)] public string Data { get; init; } = "{}";
}
