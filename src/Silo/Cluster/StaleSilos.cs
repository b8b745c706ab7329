using Npgsql;
using NpgsqlTypes;

namespace SocialCommerce.Silo;

/// <summary>
/// Declares silos dead that have not said for minutes that they live. The living do that among themselves within seconds; this is for
/// when none was left to do it: a silo that joins asks every one that the table calls active, and waits for those that will never answer.
/// </summary>
internal sealed partial class StaleSilos(ClusterSettings settings, TimeProvider time, ILogger<StaleSilos> log) : BackgroundService
{
    // A silo says so every thirty seconds.
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    // 6 is a dead silo. By the database's clock and in one statement with the count of the table's version, as every change of it.
    private const string Bury = """
        WITH counted AS (
            UPDATE orleans.membership_version SET version = version + 1, changed_at = now()
            WHERE deployment_id = $1 AND EXISTS (SELECT FROM orleans.membership WHERE deployment_id = $1 AND status <> 6 AND i_am_alive_time < now() - $2)
            RETURNING deployment_id)
        UPDATE orleans.membership m SET status = 6 FROM counted c
        WHERE m.deployment_id = c.deployment_id AND m.status <> 6 AND m.i_am_alive_time < now() - $2
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                if (await BuryStale(database, settings.ClusterId, StaleAfter, stoppingToken) is > 0 and var buried) LogBuried(buried, (int)StaleAfter.TotalSeconds);
            }
            catch (NpgsqlException fault)
            {
                // The next round comes by itself; that the store is away is told elsewhere.
                LogFailed(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Tells how many.</summary>
    internal static async Task<int> BuryStale(NpgsqlDataSource database, string clusterId, TimeSpan staleAfter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Bury);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = clusterId });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = staleAfter, NpgsqlDbType = NpgsqlDbType.Interval });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} silos had not said for {Seconds} s that they live, and are declared dead")]
    private partial void LogBuried(int count, int seconds);

    [LoggerMessage(2, LogLevel.Debug, "Stale silos were not looked for: {Fault}")]
    private partial void LogFailed(string fault);
}
