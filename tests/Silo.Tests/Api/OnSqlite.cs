namespace SocialCommerce.Silo.Tests.Api;

// The suites on one kind of host, which is started once for all of them.
[CollectionDefinition(Name)]
public sealed class OnSqlite : ICollectionFixture<SqliteHost>
{
    public const string Name = "serve on SQLite";
}

[Collection(OnSqlite.Name)]
public sealed class SqliteBargains(SqliteHost host) : BargainSuite(host);

[Collection(OnSqlite.Name)]
public sealed class SqliteBargainEnds(SqliteHost host) : BargainEndSuite(host);

[Collection(OnSqlite.Name)]
public sealed class SqliteTeams(SqliteHost host) : TeamSuite(host);

[Collection(OnSqlite.Name)]
public sealed class SqliteTeamEntries(SqliteHost host) : TeamEntrySuite(host);

[Collection(OnSqlite.Name)]
public sealed class SqliteCampaigns(SqliteHost host) : CampaignSuite(host);

[Collection(OnSqlite.Name)]
public sealed class SqliteEdge(SqliteHost host) : EdgeSuite(host);
