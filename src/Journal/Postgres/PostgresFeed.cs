using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>The feed over the commits of all writers.</summary>
/// <remarks>
/// A later transaction may commit before an earlier one, so the order of numbers drawn while writing is not the order in which
/// events appear. The feed therefore ends before the oldest transaction that still runs: behind it nothing can appear any more. A
/// transaction leaves that set only after its commit is on disk. A long write transaction anywhere on the server holds the feed up.
/// </remarks>
internal sealed class PostgresFeed(PostgresQueries queries)
{
    // A page that looks for some kinds looks through so many events: no more than it gives, where about half are of these kinds, as of the
    // public ones, and not too few where hardly any are.
    private const int SpanMin = 250;
    private const int SpanMax = 5_000;

    private const string Settled = "epoch < (SELECT epoch_base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM journal.store WHERE only_row)";

    private const string EveryKind = $"""
        SELECT epoch, place, stream, version, kind, payload FROM journal.events
        WHERE (epoch, place) > ($1, $2) AND {Settled} ORDER BY epoch, place LIMIT $3
        """;

    // Of the other kinds the position alone.
    private const string SomeKinds = $"""
        SELECT epoch, place, CASE WHEN kind = ANY ($4) THEN stream END, version, kind, CASE WHEN kind = ANY ($4) THEN payload END FROM journal.events
        WHERE (epoch, place) > ($1, $2) AND {Settled} ORDER BY epoch, place LIMIT $3
        """;

    private const string LastSettled = $"SELECT epoch, place FROM journal.events WHERE {Settled} ORDER BY epoch DESC, place DESC LIMIT 1";

    public Task<FeedPage> Page(FeedPosition after, int limit, IReadOnlySet<short>? kinds)
    {
        var epoch = new NpgsqlParameter<long> { TypedValue = after.Epoch };
        var place = new NpgsqlParameter<int> { TypedValue = (int)Math.Min(after.Sequence, int.MaxValue) };
        if (kinds is null)
        {
            var oneMore = new NpgsqlParameter<long> { TypedValue = limit + 1L };
            return queries.Read(EveryKind, [epoch, place, oneMore], reader => EveryKindPage(reader, after, limit));
        }

        var span = Math.Max(limit, Math.Clamp(limit * 5L / 2, SpanMin, SpanMax));
        return queries.Read(
            SomeKinds,
            [epoch, place, new NpgsqlParameter<long> { TypedValue = span }, new NpgsqlParameter<short[]> { TypedValue = [.. kinds] }],
            reader => SomeKindsPage(reader, after, limit, span));
    }

    /// <summary>Where the feed ends now.</summary>
    public Task<FeedPosition> End() => queries.Read(LastSettled, [],
        async reader => await reader.ReadAsync() ? new FeedPosition(reader.GetInt64(0), reader.GetInt32(1)) : FeedPosition.Start);

    private static async Task<FeedPage> EveryKindPage(NpgsqlDataReader reader, FeedPosition after, int limit)
    {
        var events = new List<FeedEvent>();
        while (await reader.ReadAsync())
        {
            // One more than asked for: there is more to come.
            if (events.Count == limit) return new FeedPage(events, events[^1].Position, false);
            events.Add(Event(reader));
        }

        return new FeedPage(events, events.Count > 0 ? events[^1].Position : after, true);
    }

    private static async Task<FeedPage> SomeKindsPage(NpgsqlDataReader reader, FeedPosition after, int limit, long span)
    {
        var events = new List<FeedEvent>();
        var end = after;
        var spanned = 0L;
        while (await reader.ReadAsync())
        {
            // One more than asked for: the next page begins before it.
            if (events.Count == limit) return new FeedPage(events, end, false);
            spanned++;
            end = new FeedPosition(reader.GetInt64(0), reader.GetInt32(1));
            if (!reader.IsDBNull(2)) events.Add(Event(reader));
        }

        return new FeedPage(events, end, spanned < span);
    }

    private static FeedEvent Event(NpgsqlDataReader reader) => new(
        new FeedPosition(reader.GetInt64(0), reader.GetInt32(1)), reader.GetString(2), reader.GetInt32(3), reader.GetInt16(4), reader.GetFieldValue<byte[]>(5));
}
