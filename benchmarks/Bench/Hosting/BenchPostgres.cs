using System.Globalization;
using Npgsql;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Bench;

/// <summary>The PostgreSQL that is measured: of the run's own, durable, and as one that has been running for a while.</summary>
internal static class BenchPostgres
{
    /// <summary>16 MB each; a full run of a suite writes some 3 GB into its log, ...</summary>
    private const int LogFiles = 192;

    /// <summary>... and a million bargains, put in, ended and cut, more than that: 1.9 GB for putting in 700,000.</summary>
    private const int LogFilesForMillion = 384;
    private const int LogFilesInQuick = 48;

    /// <summary>Long enough to write them on a slow disk.</summary>
    private const int LogSecondsMost = 120;

    // A quarter of the memory of a machine with 8 GB, as PostgreSQL's manual has it, and no checkpoint in the middle of a window.
    private static readonly string[] Settings = ["shared_buffers=2GB", "max_wal_size=8GB", "min_wal_size=7GB", "checkpoint_timeout=30min"];

    /// <param name="million">For a million bargains.</param>
    /// <exception cref="BenchFaultException">There is no PostgreSQL here, or it does not write through to disk.</exception>
    public static ThrowawayPostgres Start(Bench bench, bool million = false)
    {
        if (PostgresBinaries.Missing is { } missing) throw new BenchFaultException(missing);
        var postgres = bench.Workshop.Keep(ThrowawayPostgres.Start(Settings));
        using var source = NpgsqlDataSource.Create(postgres.AdminConnectionString);
        using var durable = source.CreateCommand("SELECT current_setting('fsync') || ' ' || current_setting('synchronous_commit') || ' ' || current_setting('full_page_writes')");
        if (durable.ExecuteScalar() is not "on on on" and var found) throw new BenchFaultException($"fsync, synchronous_commit, full_page_writes are {found}");
        FillLog(source, bench.Options.Quick ? LogFilesInQuick : million ? LogFilesForMillion : LogFiles);
        return postgres;
    }

    /// <summary>The processes of the server, for their CPU time.</summary>
    public static ProcessFamily FamilyOf(ThrowawayPostgres postgres)
    {
        using var source = NpgsqlDataSource.Create(postgres.AdminConnectionString);
        using var asked = source.CreateCommand("SELECT pg_backend_pid()");
        return new ProcessFamily(ProcessFamily.ParentOf((int)asked.ExecuteScalar()!));
    }

    /// <summary>
    /// A server that has been running reuses the files of its log. A new one makes and syncs each of them in the middle of a commit, and all
    /// commits wait for it: 55 ms for 16 MB here, once a second under load.
    /// </summary>
    private static void FillLog(NpgsqlDataSource source, int files)
    {
        using var fill = source.CreateCommand(string.Create(CultureInfo.InvariantCulture,
            $"SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal() FROM generate_series(1, {files})"));
        fill.CommandTimeout = LogSecondsMost;
        fill.ExecuteNonQuery();
        using var checkpoint = source.CreateCommand("CHECKPOINT");
        checkpoint.CommandTimeout = LogSecondsMost;
        checkpoint.ExecuteNonQuery();
    }
}
