using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocialCommerce.Grains;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo.Tests.Database;

/// <summary>A silo as it is wired; nothing is started.</summary>
[Collection(DatabaseTests.Name)]
public sealed class SiloWiringTests(DatabaseServer server)
{
    [ProcessFact]
    public async Task What_is_configured_comes_before_what_a_silo_takes_for_itself()
    {
        Assert.Equal((500, 1_000), await OptionsOf([]));
        Assert.Equal((50, 60), await OptionsOf([new("Engine:CampaignCacheMilliseconds", "50"), new("Engine:ConfirmMilliseconds", "60")]));
    }

    [ProcessFact]
    public async Task A_silo_makes_no_tables_of_its_own_accord()
    {
        var fault = await Assert.ThrowsAsync<JournalUnavailableException>(() => OptionsOf([], migrate: false));
        Assert.Contains("run db migrate", fault.Message, StringComparison.Ordinal);
    }

    private async Task<(int, int)> OptionsOf(IEnumerable<KeyValuePair<string, string?>> configured, bool migrate = true)
    {
        var connection = server.Server.CreateDatabase();
        if (migrate) await DbCommand.Run(["migrate", "--connection", connection], TextWriter.Null);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([.. configured, new("Cluster:ConnectionString", connection), new("Engine:ShareKey", Convert.ToBase64String(new byte[32]))]);
        await using var app = SiloCommand.Build(builder, ClusterSettingsReader.Read(builder.Configuration, development: true), port: null, withApi: true);
        var options = app.Services.GetRequiredService<IOptions<EngineOptions>>().Value;
        return (options.CampaignCacheMilliseconds, options.ConfirmMilliseconds);
    }
}
