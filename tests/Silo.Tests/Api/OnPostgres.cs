namespace SocialCommerce.Silo.Tests.Api;

// The suites on one kind of host, which is started once for all of them.
[CollectionDefinition(Name)]
public sealed class OnPostgres : ICollectionFixture<PostgresHost>
{
    public const string Name = "serve on PostgreSQL";
}

[Collection(OnPostgres.Name)]
public sealed class PostgresBargains(PostgresHost host) : BargainSuite(host), INeed
{
    public static string? Missing => PostgresBinaries.Missing;
}

[Collection(OnPostgres.Name)]
public sealed class PostgresBargainEnds(PostgresHost host) : BargainEndSuite(host), INeed
{
    public static string? Missing => PostgresBinaries.Missing;
}

[Collection(OnPostgres.Name)]
public sealed class PostgresTeams(PostgresHost host) : TeamSuite(host), INeed
{
    public static string? Missing => PostgresBinaries.Missing;
}

[Collection(OnPostgres.Name)]
public sealed class PostgresTeamEntries(PostgresHost host) : TeamEntrySuite(host), INeed
{
    public static string? Missing => PostgresBinaries.Missing;
}

[Collection(OnPostgres.Name)]
public sealed class PostgresCampaigns(PostgresHost host) : CampaignSuite(host), INeed
{
    public static string? Missing => PostgresBinaries.Missing;
}

[Collection(OnPostgres.Name)]
public sealed class PostgresEdge(PostgresHost host) : EdgeSuite(host), INeed
{
    public static string? Missing => PostgresBinaries.Missing;
}
