using Npgsql;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo.Tests.Database;

/// <summary><c>db migrate</c> and <c>db check</c> on databases in every state.</summary>
[Collection(DatabaseTests.Name)]
public sealed class DbCommandTests
{
    private readonly Lazy<string> _connection;

    public DbCommandTests(DatabaseServer server) => _connection = new Lazy<string>(() => server.Server.CreateDatabase());

    private string Connection => _connection.Value;

    [PostgresFact]
    public async Task An_empty_database_lacks_both_schemas_and_has_them_afterwards()
    {
        var (code, output) = await Db("check");
        Assert.Equal(1, code);
        Assert.Equal(["WRONG  the schema 'journal' is missing; run db migrate", "WRONG  the schema 'orleans' is missing; run db migrate"], output);

        await Migrate();
        await Fit();
    }

    [PostgresFact]
    public async Task Migrating_again_changes_nothing_and_loses_nothing()
    {
        await Migrate();
        Execute("INSERT INTO orleans.membership_version (deployment_id) VALUES ('c')");
        Execute("INSERT INTO journal.documents VALUES (1, 'key', '')");
        await Migrate();

        await Fit();
        Assert.Equal(1L, Ask("SELECT count(*) FROM orleans.membership_version"));
        Assert.Equal(1L, Ask("SELECT count(*) FROM journal.documents"));
    }

    [PostgresFact]
    public async Task Eight_may_migrate_at_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Db("migrate"))));
        Assert.All(outcomes, outcome => Assert.True(outcome.Code == 0, string.Join(' ', outcome.Output)));
        await Fit();
        Assert.Equal(1L, Ask("SELECT count(*) FROM orleans.schema"));
    }

    [PostgresFact]
    public async Task Who_migrates_with_shards_of_its_own_keeps_those_of_a_store_that_is_there()
    {
        Assert.Equal(0, (await Db("migrate", "--deadline-shards", "7")).Code);
        Assert.Equal(0, (await Db("migrate", "--deadline-shards", "9")).Code);
        Assert.Equal(7, Ask("SELECT deadline_shards FROM journal.store"));
    }

    [PostgresFact]
    public async Task What_is_newer_than_the_program_is_left_alone()
    {
        await Migrate();
        Execute("UPDATE orleans.schema SET version = 2");
        Assert.Equal(["WRONG  the schema 'orleans' has version 2, this program knows 1; use a newer program"], await Wrong());
        Assert.Contains("newer program", (await Assert.ThrowsAsync<SiloFaultException>(() => Db("migrate"))).Message, StringComparison.Ordinal);

        Execute("UPDATE journal.store SET schema_version = 2");
        Assert.Contains("WRONG  the schema 'journal' has version 2, this program knows 1; use a newer program", await Wrong());
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Db("migrate"));
        Assert.Equal(2, Ask("SELECT version FROM orleans.schema"));
    }

    [PostgresFact]
    public async Task An_older_schema_is_told_apart_from_a_current_one()
    {
        await Migrate();
        Execute("UPDATE orleans.schema SET version = 0; UPDATE journal.store SET schema_version = 0");
        // Nothing of ours ever had the version 0: it is as good as nothing.
        Assert.Equal(["WRONG  the schema 'journal' is missing; run db migrate", "WRONG  the schema 'orleans' is missing; run db migrate"], await Wrong());
    }

    [PostgresFact]
    public async Task What_was_changed_by_hand_is_named()
    {
        await Migrate();
        (string Damage, string Fault)[] damages =
        [
            ("ALTER TABLE orleans.reminders DROP COLUMN period_ms", "column orleans.reminders.period_ms bigint is missing"),
            ("ALTER TABLE orleans.membership ALTER COLUMN status TYPE bigint", "column orleans.membership.status integer is missing"),
            ("DROP INDEX orleans.reminders_ring", "index orleans.reminders_ring (service_id, grain_hash) is missing"),
            ("ALTER TABLE orleans.state DROP CONSTRAINT state_pkey", "index orleans.state_pkey (service_id, grain_type, key_n0, key_n1, key_text) is missing"),
            ("DROP TABLE orleans.membership_version CASCADE", "column orleans.membership_version.version integer is missing"),
            ("DROP INDEX journal.deadlines_due", "index journal.deadlines_due (shard, due_at, stream) is missing"),
            ("ALTER TABLE journal.events DROP COLUMN payload", "column journal.events.payload text is missing"),
            ("DROP TABLE journal.receipts", "column journal.receipts.key text is missing"),
        ];
        foreach (var (damage, fault) in damages)
        {
            Execute(damage);
            Assert.Contains("WRONG  " + fault, await Wrong());
        }
    }

    [PostgresFact]
    public async Task Statements_that_are_not_this_programs_are_named_and_mended()
    {
        await Migrate();
        Execute("DELETE FROM orleans.orleansquery WHERE querykey = 'UpdateMembershipKey'");
        Execute("UPDATE orleans.orleansquery SET querytext = 'SELECT 1' WHERE querykey = 'InsertMembershipKey'");
        Assert.Equal(
            ["WRONG  statement InsertMembershipKey in orleans.orleansquery is not this program's; run db migrate",
             "WRONG  statement UpdateMembershipKey is missing in orleans.orleansquery; run db migrate"],
            await Wrong());

        await Migrate();
        await Fit();
    }

    [Theory]
    [InlineData("mend", "say migrate or check")]
    [InlineData("check --deadline-shards 0", "--deadline-shards 0: must be a whole number")]
    [InlineData("check --deadline-shard 3", "unknown option --deadline-shard")]
    [InlineData("check --connection Flavour=sweet", "the connection string is no good")]
    [InlineData("check --connection=", "no database was named")]
    public async Task A_command_that_can_not_be_done_says_why(string line, string why)
    {
        var fault = await Assert.ThrowsAsync<SiloFaultException>(() => DbCommand.Run(line.Split(' '), TextWriter.Null));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_in_one_line()
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => DbCommand.Run(["check", "--connection", $"Host=127.0.0.1;Port={EngineProcess.FreePort()};Database=shop;Username=shop;Timeout=2"], TextWriter.Null));
        Assert.NotNull(Faults.InOneLine(fault));
    }

    [Fact]
    public void Orleans_finds_each_of_its_statements_once()
    {
        var queries = OrleansSchema.Queries();
        Assert.Equal(queries.Count, queries.Select(query => query.Key).Distinct().Count());
        Assert.All(queries, query => Assert.False(string.IsNullOrWhiteSpace(query.Value)));
        Assert.Contains("ReadRangeRows1Key", queries.Select(query => query.Key));
    }

    private async Task Migrate() => Assert.Equal(0, (await Db("migrate")).Code);

    private async Task Fit()
    {
        var (code, output) = await Db("check");
        Assert.Equal((0, "The database is fit: journal version 1, Orleans' tables version 1."), (code, Assert.Single(output)));
    }

    private async Task<string[]> Wrong()
    {
        var (code, output) = await Db("check");
        Assert.Equal(1, code);
        return output;
    }

    private async Task<(int Code, string[] Output)> Db(string verb, params string[] options)
    {
        using var output = new StringWriter();
        // Of eight at once the last waits for the lock as long as seven migrations take, and on a machine that stands still for that, too.
        var code = await DbCommand.Run([verb, "--connection", Connection + ";Command Timeout=300", .. options], output);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private void Execute(string sql)
    {
        using var database = NpgsqlDataSource.Create(Connection);
        using var command = database.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    private object Ask(string sql)
    {
        using var database = NpgsqlDataSource.Create(Connection);
        using var command = database.CreateCommand(sql);
        return command.ExecuteScalar()!;
    }
}
