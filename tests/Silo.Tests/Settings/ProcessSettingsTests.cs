using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using SocialCommerce.Grains;

namespace SocialCommerce.Silo.Tests.Settings;

/// <summary>The command line, the single process's settings, and the engine's where there are several silos.</summary>
public sealed class ProcessSettingsTests
{
    [Fact]
    public void Options_are_taken_with_a_space_or_an_equals_sign()
    {
        var arguments = new Arguments(["--port", "8080", "--data=folder", "--demo"], ["--port", "--data"], ["--demo", "--no-api"]);
        arguments.ThrowIfFaulty("usage");
        Assert.Equal((8_080, "folder", true, false), (arguments.Whole("--port", 1, 65_535), arguments.Text("--data"), arguments.Has("--demo"), arguments.Has("--no-api")));
        Assert.Null(arguments.Whole("--gateway-port", 1, 65_535));
    }

    [Fact]
    public void Every_fault_of_a_command_line_is_named_with_its_usage()
    {
        var arguments = new Arguments(["--prot", "--demo=yes", "--port", "70000", "--data"], ["--port", "--data"], ["--demo"]);
        arguments.Whole("--port", 1, 65_535);
        var fault = Assert.Throws<SiloFaultException>(() => arguments.ThrowIfFaulty("silo [--port N]")).Message;
        string[] named = ["unknown option --prot", "unknown option --demo=yes", "--data needs a value", "--port 70000: must be a whole number from 1 to 65535", "Usage: silo [--port N]"];
        Assert.All(named, part => Assert.Contains(part, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_line_comes_before_the_environment_and_that_before_the_defaults()
    {
        var environment = Configuration(("SOCIALCOMMERCE_PORT", "81"), ("SOCIALCOMMERCE_DATA", "/from/environment"), ("SOCIALCOMMERCE_POSTGRES", "Host=db"));
        Assert.Equal(new LocalSettings(82, "/from/line", "Host=other", true), LocalSettings.From(environment, 82, "/from/line", "Host=other", true));
        Assert.Equal(new LocalSettings(81, "/from/environment", "Host=db", false), LocalSettings.From(environment, null, null, null, false));
        Assert.Equal(new LocalSettings(8_080, Path.GetFullPath("data"), null, false), LocalSettings.From(Configuration(("SOCIALCOMMERCE_DATA", "")), null, null, null, false));
        Assert.Throws<SiloFaultException>(() => LocalSettings.From(Configuration(("SOCIALCOMMERCE_PORT", "0")), null, null, null, false));
    }

    [Theory]
    [InlineData(false, 0, 0, 0)]
    [InlineData(true, 1, 1, 0)]
    [InlineData(true, 0, 1, 1)]
    [InlineData(true, 0, 0, 2)]
    public void What_one_process_may_leave_at_zero_a_cluster_may_not(bool cluster, int cacheMilliseconds, int confirmMilliseconds, int faults)
    {
        var options = new EngineOptions { ShareKey = Convert.ToBase64String(new byte[32]), CampaignCacheMilliseconds = cacheMilliseconds, ConfirmMilliseconds = confirmMilliseconds };
        Assert.Equal(faults, new EngineOptionsCheck(cluster).Validate(null, options).Failures?.Count() ?? 0);
    }

    [Fact]
    public void Every_fault_of_the_engine_is_named_at_once()
    {
        var faults = new EngineOptionsCheck(cluster: true).Validate(null, new EngineOptions { ShareKey = "short", HelpsPerDay = 0, TimeZone = "Nowhere", SweepMilliseconds = 9 });
        Assert.All(["ShareKey", "HelpsPerDay", "TimeZone", "SweepMilliseconds", "CampaignCacheMilliseconds", "ConfirmMilliseconds"], name => Assert.Single(faults.Failures!, fault => fault.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_process_puts_idle_grains_away_before_its_memory_is_full()
    {
        var data = Directory.CreateTempSubdirectory("settings-");
        try
        {
            await using var app = Build(data.FullName);
            var options = app.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
            Assert.True(options.EnableActivationSheddingOnMemoryPressure);
            Assert.InRange(options.MemoryUsageLimitPercentage, 50, 90);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Development", null, 1)]
    [InlineData("Development", "30", 30)]
    [InlineData("Production", null, 60)]
    public async Task What_is_configured_comes_before_what_development_takes_for_itself(string environment, string? configured, int seconds)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = AppContext.BaseDirectory });
        if (configured is not null) builder.Configuration["Engine:DurationSecondsMin"] = configured;
        ProcessWiring.AddGrains(builder, () => Convert.ToBase64String(new byte[32]), cluster: false);
        await using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(seconds, services.GetRequiredService<IOptions<EngineOptions>>().Value.DurationSecondsMin);
    }

    [Fact]
    public async Task The_share_key_is_made_once_and_is_nobody_elses_to_read()
    {
        var data = Directory.CreateTempSubdirectory("settings-");
        try
        {
            var folder = Path.Combine(data.FullName, "made");
            var file = Path.Combine(folder, "share.key");
            string made;
            await using (var first = Build(folder)) made = ShareKeyOf(first);
            await using (var second = Build(folder)) Assert.Equal(made, ShareKeyOf(second));
            Assert.Equal(made, (await File.ReadAllTextAsync(file)).Trim());
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            }

            // As a disk that filled up leaves it.
            await File.WriteAllTextAsync(file, made[..20]);
            var fault = Assert.Throws<SiloFaultException>(() =>
            {
                using IDisposable third = Build(folder);
                ShareKeyOf((WebApplication)third);
            });
            Assert.StartsWith($"{file} holds no key", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_port_that_takes_a_right_is_told_as_such() =>
        Assert.Contains("takes a right", Faults.InOneLine(new SocketException((int)SocketError.AccessDenied)), StringComparison.Ordinal);

    private static string ShareKeyOf(WebApplication app) => app.Services.GetRequiredService<IOptions<EngineOptions>>().Value.ShareKey;

    private static WebApplication Build(string folder) => LocalSilo.Build(
        WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory }),
        new LocalSettings(Port: 0, folder, Postgres: null, Demo: false));

    private static IConfiguration Configuration(params (string Name, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        .Build();
}
