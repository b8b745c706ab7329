namespace SocialCommerce.Silo.Tests.Api;

// The suites on one kind of host, which is started once for all of them.
[CollectionDefinition(Name)]
public sealed class OnApiProcess : ICollectionFixture<ApiProcessHost>
{
    public const string Name = "an API process over silos";
}

[Collection(OnApiProcess.Name)]
public sealed class ApiProcessBargains(ApiProcessHost host) : BargainSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnApiProcess.Name)]
public sealed class ApiProcessBargainEnds(ApiProcessHost host) : BargainEndSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnApiProcess.Name)]
public sealed class ApiProcessTeams(ApiProcessHost host) : TeamSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnApiProcess.Name)]
public sealed class ApiProcessTeamEntries(ApiProcessHost host) : TeamEntrySuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnApiProcess.Name)]
public sealed class ApiProcessCampaigns(ApiProcessHost host) : CampaignSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnApiProcess.Name)]
public sealed class ApiProcessEdge(ApiProcessHost host) : EdgeSuite(host), INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;
}

[Collection(OnApiProcess.Name)]
public sealed class SilosWithoutApi(ApiProcessHost host) : INeed
{
    public static string? Missing => OrleansNeed.MissingWithPostgres;

    [ContractFact]
    public async Task A_silo_without_the_api_tells_of_its_health_and_of_nothing_else()
    {
        foreach (var silo in host.Silos)
        {
            using var api = new ShopApi([silo.Address]);
            await ApiSuite.Ready(api);
            Assert.Equal(200, (await api.Get("/metrics")).Status);
            Assert.Equal(404, (await api.Get("/v1/campaigns")).Status);
        }
    }
}
