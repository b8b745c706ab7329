using Npgsql;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

/// <summary>All that a journal does, by one that writes alone.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresSoleWriterTests(PostgresCluster cluster) : JournalContract, INeed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string? _database;

    public static string? Missing => PostgresBinaries.Missing;

    protected override bool Durable => true;
    protected override bool SparesReads => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue)
    {
        _database ??= cluster.Server.CreateDatabase();
        return Task.FromResult<IJournal>(Open(alone: true, queue));
    }

    [PostgresFact]
    public async Task A_second_one_is_refused_and_told_who_is_there()
    {
        var refusal = Assert.Throws<JournalUnavailableException>(() => Open(alone: true));

        Assert.Contains("has to have for itself: server process ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("(journal from 127.0.0.1, since 20", refusal.Message, StringComparison.Ordinal);
        await Journal.Append(To("s", 0));
    }

    [PostgresFact]
    public async Task One_of_several_is_refused_where_one_is_alone_and_the_other_way_round()
    {
        Assert.Contains("has to have this database for itself", Assert.Throws<JournalUnavailableException>(() => Open(alone: false)).Message, StringComparison.Ordinal);

        await Journal.DisposeAsync();
        await using (var first = Open(alone: false))
        await using (var second = Open(alone: false))
        {
            await first.Append(To("s", 0));
            await second.Append(To("s", 1));
            Assert.Contains("Others write to this database", Assert.Throws<JournalUnavailableException>(() => Open(alone: true)).Message, StringComparison.Ordinal);
        }

        await using var alone = Open(alone: true);
        await alone.Append(To("s", 2));
    }

    [PostgresFact]
    public async Task It_keeps_its_place_over_a_cut_connection()
    {
        await Journal.Append(To("s", 0));
        for (var cut = 1; cut <= 3; cut++)
        {
            await CutWriters();
            await Journal.Append(To("s", cut));
            Assert.Throws<JournalUnavailableException>(() => Open(alone: true));
        }

        Assert.Equal(4, await Journal.Version("s"));
    }

    [PostgresFact]
    public async Task Who_had_the_place_in_between_and_wrote_is_there_for_a_new_process_and_an_old_one_knows_that_it_is_one()
    {
        await Journal.Append(To("before", 0));
        var (other, ours) = await LosesThePlace();
        await other.Append(To("theirs", 0));
        await other.DisposeAsync();
        await Waiting.Until(() => Task.FromResult(Journal.Status.Fault?.Contains("what this one remembers is old", StringComparison.Ordinal) == true), "it is found and told");

        Assert.False(Journal.Status.Writable);
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Append(To("theirs", 1)))).OutcomeUnknown);
        await Journal.DisposeAsync();
        // It was not written, and whoever asked is told so or that nobody knows.
        await Assert.ThrowsAsync<JournalUnavailableException>(() => ours.WaitAsync(Patience));

        await using var anew = Open(alone: true);
        Assert.Equal((1, 1, 0), (await anew.Version("before"), await anew.Version("theirs"), await anew.Version("ours")));
        await anew.Append(To("theirs", 1));
    }

    [PostgresFact]
    public async Task Who_had_the_place_in_between_and_did_not_write_is_not_noticed()
    {
        await Journal.Append(To("before", 0));
        // The last commit of all is one without events.
        await Journal.Append(new JournalUnit([], [Receipt("k")]));
        var (other, ours) = await LosesThePlace();
        await other.DisposeAsync();

        await ours.WaitAsync(Patience);

        Assert.Equal(1, await Journal.Version("ours"));
        await ReadsAreSpared();
        Assert.Equal(1, await Journal.Version("before"));
    }

    private async Task<(PostgresJournal Other, Task Ours)> LosesThePlace()
    {
        await ReadsAreSpared();
        var next = Task.Run(() => Open(alone: true));
        // Waits for the place already when the connection that holds it is cut.
        await Waiting.Until(async () => await WaitingForThePlace() == 1, "the other one waits");
        await CutWriters();
        var other = await next.WaitAsync(Patience);
        // Tries to write, finds its connection gone and the place taken.
        var ours = Journal.Append(To("ours", 0));
        await Waiting.Until(() => Task.FromResult(Journal.Status.Fault?.Contains("Others write to this database", StringComparison.Ordinal) == true), "the loss is found and told");
        Assert.False(Journal.Status.Writable);
        return (other, ours);
    }

    private PostgresJournal Open(bool alone, CommitQueueOptions? queue = null) => PostgresJournal.Open(new PostgresJournalOptions
    {
        ConnectionString = _database!,
        MigrateAtStart = true,
        SoleWriter = alone,
        Queue = queue ?? new CommitQueueOptions { OutcomePatience = Patience },
    });

    private async Task CutWriters()
    {
        await using var admin = NpgsqlDataSource.Create(cluster.Server.AdminConnectionString);
        await using var cut = admin.CreateCommand("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = $1 AND locktype = 'advisory' AND granted");
        cut.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Database });
        Assert.Equal(1L, await cut.ExecuteScalarAsync());
    }

    private async Task<long> WaitingForThePlace()
    {
        await using var admin = NpgsqlDataSource.Create(cluster.Server.AdminConnectionString);
        await using var waiting = admin.CreateCommand("SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = $1 AND locktype = 'advisory' AND NOT granted");
        waiting.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Database });
        return (long)(await waiting.ExecuteScalarAsync())!;
    }

    private string Database => new NpgsqlConnectionStringBuilder(_database).Database!;
}
