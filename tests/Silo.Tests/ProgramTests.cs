namespace SocialCommerce.Silo.Tests;

/// <summary>The program as a process: what it says and how it ends.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly string Program = typeof(LocalSilo).Assembly.Location;

    private static readonly Dictionary<string, string> Development = new() { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DOTNET_gcServer"] = "0" };

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("program-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Help_names_every_command()
    {
        var (code, output, _) = await Run("help");
        Assert.Equal(0, code);
        Assert.All(["serve", "silo", "api", "db migrate|check", "rehearse", "verify"], command => Assert.Contains("socialcommerce " + command, output.Replace("[serve]", "serve", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nonsense", "there is no command nonsense")]
    [InlineData("serve --prot=80", "unknown option --prot=80. Usage: socialcommerce serve")]
    [InlineData("db mend", "say migrate or check")]
    [InlineData("silo", "Cluster:ConnectionString is required")]
    [InlineData("api --port 0", "--port 0: must be a whole number from 1 to 65535")]
    [InlineData("verify /no/such/file", "/no/such/file")]
    [InlineData("serve --postgres postgres://shop:s3cret@db/shop", "--postgres or SOCIALCOMMERCE_POSTGRES is a URL")]
    [InlineData("db check --connection Host=db;Password=s3cret;Keepalive=s3cret", "the connection string is no good")]
    public async Task What_can_not_be_done_is_told_in_one_line(string line, string why)
    {
        var (code, _, errors) = await Run(line.Split(' '));
        Assert.Equal(1, code);
        Assert.StartsWith("socialcommerce: ", errors, StringComparison.Ordinal);
        Assert.Contains(why, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Engine__HelpsPerDay", "abc", "Engine:HelpsPerDay must be a whole number, not 'abc'")]
    [InlineData("Engine__HelpPerDay", "3", "Engine:HelpPerDay is not a setting")]
    [InlineData("Logging__LogLevel__Default", "Loud", "Logging:LogLevel:Default must be one of Trace, Debug, Information, Warning, Error, Critical, None, not 'Loud'")]
    [InlineData("Logging__Console__FormatterOptions__SingleLine", "maybe", "'maybe'")]
    [InlineData("Kestrel__Endpoints__Http__Url", "nowhere", "'nowhere'")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://127.0.0.1:99999", "a setting of Kestrel or ASPNETCORE_URLS can't be used")]
    [InlineData("Kestrel__Endpoints__Https__Url", "https://127.0.0.1:0", "Unable to configure HTTPS endpoint")]
    public async Task A_setting_that_can_not_be_used_is_named_in_one_line(string name, string value, string why)
    {
        var environment = new Dictionary<string, string>(Development) { [name] = value };
        var (code, _, errors) = await EngineProcess.Run(Program, ["serve", "--port", $"{EngineProcess.FreePort()}", "--data", _data.FullName], environment);
        Assert.Equal(1, code);
        Assert.Contains(why, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_engine_for_it_a_cluster_is_refused_and_says_what_to_do()
    {
        var environment = new Dictionary<string, string>(Development)
        {
            ["Cluster__ConnectionString"] = $"Host=127.0.0.1;Port={EngineProcess.FreePort()};Database=shop;Timeout=2",
            ["Engine__ShareKey"] = Convert.ToBase64String(new byte[32]),
        };
        var (code, _, errors) = await EngineProcess.Run(Program, ["silo", "--port", $"{EngineProcess.FreePort()}"], environment);
        Assert.Equal(1, code);
        // The engine is missing on the one, and on the other the database.
        Assert.Contains(OrleansNeed.Missing is null ? "PostgreSQL can't be reached" : "serve (with --postgres for PostgreSQL)", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_stop_and_a_start()
    {
        string bargainId;
        HttpReply cut;
        await using (var first = await Serve())
        {
            using var api = new ShopApi([first.Address]);
            var started = await api.Post("/v1/campaigns/umbrella/bargains", "owner");
            bargainId = started["bargainId"].GetString()!;
            cut = await api.Post($"/v1/bargains/{bargainId}/cuts", "friend");
            Assert.Equal((201, 201), (started.Status, cut.Status));
            // It is ready a moment before it says so.
            await Waiting.Until(() => Task.FromResult(first.Output.Contains($"serves at http://localhost:{first.Address.Port}", StringComparison.Ordinal)), "it says where it serves");
            first.Signal("TERM");
            Assert.Equal(0, await first.Exit());
        }

        await using var second = await Serve();
        using var again = new ShopApi([second.Address]);
        var repeat = await again.Post($"/v1/bargains/{bargainId}/cuts", "friend");
        Assert.Equal((200, true, cut.Text), (repeat.Status, repeat.Repeated, repeat.Text));
        foreach (var friend in new[] { "b", "c", "d", "e" }) Assert.Equal(201, (await again.Post($"/v1/bargains/{bargainId}/cuts", friend)).Status);
        Assert.Equal(201, (await again.Post($"/v1/bargains/{bargainId}/claim", "owner")).Status);
        var fairness = new Uri(second.Address, $"/v1/bargains/{bargainId}/fairness").ToString();
        var (refused, _, errors) = await Run("verify", fairness, "--key", "another");
        Assert.Equal(1, refused);
        Assert.Contains("401", errors, StringComparison.Ordinal);
        var (code, output, _) = await Run("verify", fairness);
        Assert.Equal((0, $"{bargainId}: the seed matches its commitment, and all 5 cuts are what the draws say."), (code, output.Trim()));
    }

    [Fact]
    public async Task A_killed_process_has_kept_what_it_answered()
    {
        HttpReply bargain;
        await using (var first = await Serve())
        {
            using var api = new ShopApi([first.Address]);
            bargain = await api.Post("/v1/campaigns/rice-cooker/bargains", "owner");
            Assert.Equal(201, (await api.Post($"/v1/bargains/{bargain["bargainId"]}/cuts", "friend")).Status);
            first.Signal("KILL");
            await first.Exit();
        }

        await using var second = await Serve();
        using var again = new ShopApi([second.Address]);
        Assert.Equal(1, (await again.Get($"/v1/bargains/{bargain["bargainId"]}"))["cutCount"].GetInt32());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var (code, _, errors) = await Run("serve", "--port", $"{port}", "--data", _data.FullName);
        Assert.Equal(1, code);
        Assert.Contains("Choose another with --port.", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task<EngineProcess> Serve()
    {
        var process = EngineProcess.Start(Program, EngineProcess.FreePort(), ["serve", "--data", _data.FullName], Development);
        await process.UntilReady();
        return process;
    }

    private static Task<(int Code, string Output, string Errors)> Run(params string[] arguments) => EngineProcess.Run(Program, arguments, Development);
}
