using SocialCommerce.TestSupport;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

[Collection(PostgresTests.Name)]
public sealed class PostgresJournalTests(PostgresCluster cluster) : JournalContract, INeed
{
    private string? _database;

    public static string? Missing => PostgresBinaries.Missing;

    protected override bool Durable => true;

    protected override Task<IJournal> Open(CommitQueueOptions queue)
    {
        _database ??= cluster.Server.CreateDatabase();
        return Task.FromResult<IJournal>(PostgresJournal.Open(new PostgresJournalOptions { ConnectionString = _database, MigrateAtStart = true, Queue = queue }));
    }

    [PostgresFact]
    public async Task Of_its_own_it_is_told_once_and_without_a_look_that_one_is_not_there()
    {
        await Journal.Append(To("shopper/before", 0));
        Assert.Empty((await Journal.ReadOwn("shopper/early"))!);

        await OwnIsKnown();

        Assert.Single((await Journal.ReadOwn("shopper/before"))!);
        Assert.Null(await Journal.ReadOwn("shopper/new"));
        Assert.Empty((await Journal.ReadOwn("shopper/new"))!);
        // Asked for before it was known: whoever asked may have made it meanwhile.
        Assert.Empty((await Journal.ReadOwn("shopper/early"))!);
        await Journal.Append(To("shopper/new", 0));
        Assert.Single((await Journal.ReadOwn("shopper/new"))!);
    }

    [PostgresFact]
    public async Task A_stream_of_its_own_that_somebody_else_wrote_all_the_same_makes_the_unit_lose_and_no_other()
    {
        await OwnIsKnown();
        await using var other = await Open(new CommitQueueOptions());
        await other.Append(To("shopper/split", 0, events: 2));
        Assert.Null(await Journal.ReadOwn("shopper/split"));

        var beside = Journal.Append(To("shopper/beside", 0));
        var conflict = await Journal.Conflicts(Of(To("shopper/split", 0)));

        await beside;
        Assert.Equal(["shopper/split"], conflict.Streams);
        Assert.Equal(2, (await Journal.ReadOwn("shopper/split"))!.Count);
        await Journal.Append(To("shopper/split", 2));
    }

    private async Task OwnIsKnown()
    {
        Journal.Own();
        var probe = 0;
        await Waiting.Until(async () => await Journal.ReadOwn($"probe/{probe++}") is null, "all names are read");
    }
}
