using Npgsql;

namespace SocialCommerce.Bench;

/// <summary>
/// Baseline T: one interactive transaction per help, decided in the application between the statements: lock the bargain, read what the
/// rules ask for, write, commit. Reads and writes that don't depend on one another share a round trip: four in all.
/// </summary>
internal static class OneTransaction
{
    private const short Open = 1;
    private const short WonStatus = 2;
    private const short CancelledStatus = 5;
    private const int HelpsPerDay = 3;

    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static async Task<BaselineCut> Help(NpgsqlDataSource source, long bargainId, string helperId)
    {
        await using var connection = await source.OpenConnectionAsync();
        // Sent together with the first statement.
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            if (await Lock(connection, bargainId) is not { } bargain) return new BaselineCut(BaselineOutcome.BargainNotFound);
            var helper = await Read(connection, bargainId, helperId, bargain);
            var now = DateTime.UtcNow;
            var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, Shanghai));
            var used = helper.Day == today ? helper.Used + 1 : 1;
            if (bargain.OwnerId == helperId) return new BaselineCut(BaselineOutcome.OwnBargain);
            if (helper.Repeated is { } repeated) return repeated;
            if (bargain.Status == CancelledStatus) return new BaselineCut(BaselineOutcome.Cancelled);
            if (bargain.ExpiresAt <= now) return new BaselineCut(BaselineOutcome.Expired);
            if (bargain.Status != Open) return new BaselineCut(BaselineOutcome.Won);
            if (helper.HelpedOwnerBefore) return new BaselineCut(BaselineOutcome.HelpedOwnerBefore);
            if (used > HelpsPerDay) return new BaselineCut(BaselineOutcome.DailyLimit);
            if (bargain.Paused) return new BaselineCut(BaselineOutcome.Paused);

            var (least, most) = helper.IsNew ? (bargain.NewMin, bargain.NewMax) : (bargain.ExistingMin, bargain.ExistingMax);
            var cutFen = Math.Min(Random.Shared.Next(least, most + 1), bargain.Price);
            var cut = new BaselineCut(BaselineOutcome.Done, bargain.CutCount + 1, cutFen, bargain.Price - cutFen, used, helper.IsNew, now);
            await Write(connection, bargainId, helperId, bargain, cut, today);
            await transaction.CommitAsync();
            return cut;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Two helps of one helper for one owner at the same moment: the key let one of them through.
            return new BaselineCut(BaselineOutcome.HelpedOwnerBefore);
        }
    }

    private static async Task<LockedBargain?> Lock(NpgsqlConnection connection, long bargainId)
    {
        await using var command = new NpgsqlCommand("""
            SELECT b.price, b.expires_at, b.cut_count, b.status, b.owner_id, b.product_id, c.paused, c.existing_min, c.existing_max, c.new_min, c.new_max
            FROM bargains b JOIN campaigns c ON c.id = b.campaign_id WHERE b.id = $1 FOR NO KEY UPDATE OF b
            """, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = bargainId } } };
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync()) return null;
        return new LockedBargain(
            reader.GetInt64(0), reader.GetDateTime(1), reader.GetInt32(2), reader.GetInt16(3), reader.GetString(4), reader.GetString(5),
            reader.GetBoolean(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9), reader.GetInt32(10));
    }

    private static async Task<HelperFacts> Read(NpgsqlConnection connection, long bargainId, string helperId, LockedBargain bargain)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT number, cut_fen, price_fen, used, is_new, at FROM cuts WHERE bargain_id = $1 AND helper_id = $2") { Parameters = { Of(bargainId), Of(helperId) } },
                new NpgsqlBatchCommand("SELECT 1 FROM cuts WHERE helper_id = $1 AND owner_id = $2 AND product_id = $3") { Parameters = { Of(helperId), Of(bargain.OwnerId), Of(bargain.ProductId) } },
                new NpgsqlBatchCommand("SELECT day, used FROM shoppers WHERE id = $1 FOR NO KEY UPDATE") { Parameters = { Of(helperId) } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        BaselineCut? repeated = await reader.ReadAsync()
            ? new BaselineCut(BaselineOutcome.Repeated, reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt16(3), reader.GetBoolean(4), reader.GetDateTime(5))
            : null;
        await reader.NextResultAsync();
        var helpedBefore = await reader.ReadAsync();
        await reader.NextResultAsync();
        var known = await reader.ReadAsync();
        return new HelperFacts(repeated, helpedBefore, !known, known && !reader.IsDBNull(0) ? reader.GetFieldValue<DateOnly>(0) : default, known ? reader.GetInt16(1) : 0);
    }

    private static async Task Write(NpgsqlConnection connection, long bargainId, string helperId, LockedBargain bargain, BaselineCut cut, DateOnly today)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("INSERT INTO cuts (bargain_id, helper_id, owner_id, product_id, number, cut_fen, price_fen, at, used, is_new) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                {
                    Parameters = { Of(bargainId), Of(helperId), Of(bargain.OwnerId), Of(bargain.ProductId), Of(cut.Number), Of(cut.CutFen), Of(cut.PriceFen), Of(cut.At), Of((short)cut.Used), Of(cut.NewShopper) },
                },
                new NpgsqlBatchCommand("UPDATE bargains SET price = $2, cut_count = $3, status = $4 WHERE id = $1")
                {
                    Parameters = { Of(bargainId), Of(cut.PriceFen), Of(cut.Number), Of(cut.PriceFen == 0 ? WonStatus : Open) },
                },
                new NpgsqlBatchCommand("INSERT INTO shoppers (id, day, used) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET day = excluded.day, used = excluded.used")
                {
                    Parameters = { Of(helperId), Of(today), Of((short)cut.Used) },
                },
            },
        };
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private sealed record LockedBargain(
        long Price, DateTime ExpiresAt, int CutCount, short Status, string OwnerId, string ProductId, bool Paused, int ExistingMin, int ExistingMax, int NewMin, int NewMax);

    private sealed record HelperFacts(BaselineCut? Repeated, bool HelpedOwnerBefore, bool IsNew, DateOnly Day, int Used);
}
