namespace SocialCommerce.Silo.Tests.Api;

// The suites on one kind of host, which is started once for all of them.
[CollectionDefinition(Name)]
public sealed class OnTwoSilos : ICollectionFixture<TwoSilosHost>
{
    public const string Name = "two silos";
}

[Collection(OnTwoSilos.Name)]
public sealed class TwoSilosBargains(TwoSilosHost host) : BargainSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnTwoSilos.Name)]
public sealed class TwoSilosBargainEnds(TwoSilosHost host) : BargainEndSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnTwoSilos.Name)]
public sealed class TwoSilosTeams(TwoSilosHost host) : TeamSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnTwoSilos.Name)]
public sealed class TwoSilosTeamEntries(TwoSilosHost host) : TeamEntrySuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnTwoSilos.Name)]
public sealed class TwoSilosCampaigns(TwoSilosHost host) : CampaignSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnTwoSilos.Name)]
public sealed class TwoSilosEdge(TwoSilosHost host) : EdgeSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}
