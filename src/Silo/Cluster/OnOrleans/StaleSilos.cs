using Npgsql;
using Orleans.Runtime;

namespace SocialCommerce.Silo;

/// <summary>
/// Says every few seconds in the membership table that this silo lives, and declares those dead that no longer do. The living notice among
/// themselves, within seconds, who does not answer; this is for those who answer and do nothing, as their way to the database is cut, and for when
/// nobody was left to notice: a silo that joins asks every one that the table calls active, and waits for those that will never answer.
/// </summary>
/// <remarks>
/// No clock is asked. Looks are counted, and only those that the database answered: however long it was away, nobody is dead for not having said
/// meanwhile that it lives.
/// </remarks>
internal sealed partial class StaleSilos(ClusterSettings settings, ILocalSiloDetails local, TimeProvider time, ILogger<StaleSilos> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    // A version that leaves it to Orleans to say so does it every half a minute.
    private const int LooksInVain = 9;

    // 3 is an active silo, 4 and 5 are on their way out, 6 is dead. One that joins does not say yet that it lives.
    private const string SayAndLook = """
        WITH said AS (UPDATE orleans.membership SET i_am_alive_time = now() WHERE deployment_id = $1 AND address = $2 AND port = $3 AND generation = $4 AND status = 3)
        SELECT address, port, generation, i_am_alive_time FROM orleans.membership
        WHERE deployment_id = $1 AND status BETWEEN 3 AND 5 AND (address, port, generation) <> ($2, $3, $4)
        """;

    // In one statement with the count of the table's version, as every change of it.
    private const string Bury = """
        WITH counted AS (
            UPDATE orleans.membership_version SET version = version + 1, changed_at = now()
            WHERE deployment_id = $1 AND EXISTS (
                SELECT FROM orleans.membership
                WHERE deployment_id = $1 AND address = $2 AND port = $3 AND generation = $4 AND status BETWEEN 3 AND 5 AND i_am_alive_time = $5)
            RETURNING deployment_id)
        UPDATE orleans.membership m SET status = 6 FROM counted c
        WHERE m.deployment_id = c.deployment_id AND m.address = $2 AND m.port = $3 AND m.generation = $4 AND m.status BETWEEN 3 AND 5 AND m.i_am_alive_time = $5
        """;

    private Dictionary<Silo, Word> _last = [];

    /// <summary>One look.</summary>
    /// <returns>Those who were declared dead.</returns>
    /// <exception cref="NpgsqlException">The database can't be asked; this look does not count.</exception>
    internal async Task<IReadOnlyList<Silo>> Look(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var self = new Silo(local.SiloAddress.Endpoint.Address.ToString(), local.SiloAddress.Endpoint.Port, local.SiloAddress.Generation);
        var words = new Dictionary<Silo, Word>();
        await using (var look = Command(database, SayAndLook, self))
        await using (var reader = await look.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var (silo, said) = (new Silo(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2)), reader.GetDateTime(3));
                words[silo] = new(said, _last.TryGetValue(silo, out var last) && last.Said == said ? last.InVain + 1 : 0);
            }
        }

        _last = words;
        var dead = new List<Silo>();
        foreach (var (silo, word) in words.Where(word => word.Value.InVain >= LooksInVain))
        {
            await using var bury = Command(database, Bury, silo);
            bury.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = word.Said });
            if (await bury.ExecuteNonQueryAsync(cancellation) > 0) dead.Add(silo);
        }

        return dead;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                foreach (var silo in await Look(database, stoppingToken)) LogBuried($"{silo.Address}:{silo.Port}", LooksInVain * (int)Period.TotalSeconds);
            }
            catch (NpgsqlException fault)
            {
                // The next round comes by itself; that the store is away is told elsewhere.
                LogFailed(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private NpgsqlCommand Command(NpgsqlDataSource database, string text, Silo silo)
    {
        var command = database.CreateCommand(text);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = settings.ClusterId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = silo.Address });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = silo.Port });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = silo.Generation });
        return command;
    }

    [LoggerMessage(1, LogLevel.Warning, "Silo {Address} has not said for {Seconds} s that it lives, and is declared dead")]
    private partial void LogBuried(string address, int seconds);

    [LoggerMessage(2, LogLevel.Debug, "Stale silos were not looked for: {Fault}")]
    private partial void LogFailed(string fault);

    internal readonly record struct Silo(string Address, int Port, int Generation);

    /// <summary>When a silo last said that it lives, and how many looks in a row found nothing newer.</summary>
    private readonly record struct Word(DateTime Said, int InVain);
}
