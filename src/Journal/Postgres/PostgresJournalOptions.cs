using Npgsql;

namespace SocialCommerce.Journal;

/// <summary>How a journal in PostgreSQL works.</summary>
public sealed record PostgresJournalOptions
{
    /// <summary>Shards of due times of a new store, unless told otherwise.</summary>
    public const int DeadlineShardsDefault = DeadlineShard.Default;

    private const int ConnectSecondsMax = 5;

    /// <summary>As Npgsql knows it. Straight to the server: a pooler that shares connections between transactions won't do.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Makes the tables or brings them up to date before opening; otherwise <c>db migrate</c> does it.</summary>
    public bool MigrateAtStart { get; init; }

    /// <summary>Shards of due times of a new store; an existing one keeps its own.</summary>
    public int DeadlineShards { get; init; } = DeadlineShardsDefault;

    /// <summary>Opens even if the server does not write through to disk. For benchmarks that measure just that.</summary>
    public bool AllowUnsafeDurability { get; init; }

    /// <summary>
    /// No other process is to write: it is refused, or this one is where another is at work already. Then nothing is read for streams and
    /// receipts that do not exist.
    /// </summary>
    public bool SoleWriter { get; init; }

    /// <summary>Connections that answer gathered reads.</summary>
    public int Readers { get; init; } = 1;

    /// <summary>How often other processes' events are looked for while somebody waits for the feed.</summary>
    public TimeSpan FeedPollInterval { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Bounds of the group commit.</summary>
    public CommitQueueOptions Queue { get; init; } = new();

    /// <summary>For the start: as patient as the connection string says, since no append waits yet.</summary>
    internal NpgsqlDataSource CreateStartSource() => NpgsqlDataSource.Create(Settings("journal start", pooling: false, int.MaxValue));

    /// <summary>For connections that the journal holds itself: a new one each time, never a used one from a pool.</summary>
    internal NpgsqlDataSource CreateDirectSource() => NpgsqlDataSource.Create(Settings("journal", pooling: false));

    /// <summary>For sweeps, feed pages and documents.</summary>
    internal NpgsqlDataSource CreatePooledSource() => NpgsqlDataSource.Create(Settings("journal pool", pooling: true));

    // While a connection is tried, appends wait for how it ends.
    private string Settings(string name, bool pooling, int connectSecondsMax = ConnectSecondsMax)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Pooling = pooling,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            Enlist = false,
            TcpKeepAlive = true,
        };
        settings.Timeout = Math.Min(settings.Timeout, connectSecondsMax);
        if (string.IsNullOrEmpty(settings.ApplicationName)) settings.ApplicationName = name;

        // A plan that was prepared while the tables were empty keeps its sequential scan for ever. Every query here has its index.
        // Compiling such plans takes longer than running them, and planning anew for each call costs more than it ever gains.
        settings.Options = $"{settings.Options} -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan -c default_transaction_isolation=read\\ committed".Trim();
        return settings.ConnectionString;
    }
}
