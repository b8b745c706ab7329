using Npgsql;

namespace SocialCommerce.Bench;

/// <summary>What became of a help; the numbers are those of baseline.sql.</summary>
internal enum BaselineOutcome
{
    Done = 0,
    Repeated = 1,
    BargainNotFound = 2,
    OwnBargain = 3,
    Cancelled = 4,
    Expired = 5,
    Won = 6,
    HelpedOwnerBefore = 7,
    DailyLimit = 8,
    Paused = 9,
}

/// <summary>A cut as a baseline answers it.</summary>
internal readonly record struct BaselineCut(BaselineOutcome Outcome, int Number = 0, long CutFen = 0, long PriceFen = 0, int Used = 0, bool NewShopper = false, DateTime At = default);

/// <summary>One help, decided and durable when it returns.</summary>
internal delegate Task<BaselineCut> BaselineHelp(NpgsqlDataSource source, long bargainId, string helperId);

/// <summary>Baseline S: one statement per help, the strongest plain SQL.</summary>
internal static class OneStatement
{
    public static async Task<BaselineCut> Help(NpgsqlDataSource source, long bargainId, string helperId)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("SELECT outcome, o_number, o_cut, o_price, o_used, o_new, o_at FROM help($1, $2, $3)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = bargainId },
                new NpgsqlParameter<string> { TypedValue = helperId },
                new NpgsqlParameter<double> { TypedValue = Random.Shared.NextDouble() },
            },
        };
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            var outcome = (BaselineOutcome)reader.GetInt32(0);
            return outcome > BaselineOutcome.Repeated
                ? new BaselineCut(outcome)
                : new BaselineCut(outcome, reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetBoolean(5), reader.GetDateTime(6));
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Two helps of one helper for one owner at the same moment: the key let one of them through.
            return new BaselineCut(BaselineOutcome.HelpedOwnerBefore);
        }
    }
}
