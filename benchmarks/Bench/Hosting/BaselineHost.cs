using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;

namespace SocialCommerce.Bench;

/// <summary>A thin HTTP endpoint over plain SQL, with the engine's paths and answers: <c>baseline --how t|s --store CONNECTION --port N</c>.</summary>
internal static class BaselineHost
{
    /// <summary>Connections to the server; more were slower on two cores, fewer left the disk idle.</summary>
    private const int PoolSize = 32;

    public static async Task<int> Run(Dictionary<string, string> options)
    {
        BaselineHelp help = options["--how"] == "t" ? OneTransaction.Help : OneStatement.Help;
        var settings = new NpgsqlConnectionStringBuilder(options["--store"])
        {
            MinPoolSize = PoolSize,
            MaxPoolSize = PoolSize,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            Enlist = false,
            // As on the journal's connections: plans prepared on empty tables would keep their sequential scans.
            Options = "-c enable_seqscan=off -c jit=off",
        };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using (var schema = source.CreateCommand(Schema())) await schema.ExecuteNonQueryAsync();

        var builder = WebApplication.CreateSlimBuilder();
        Serve(builder, options);
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapPut("/v1/campaigns/{campaignId}", (string campaignId) => Publish(source, campaignId));
        app.MapPost("/v1/campaigns/{campaignId}/bargains", (HttpContext http, string campaignId) => Start(http, source, campaignId));
        app.MapPost("/v1/bargains/{bargainId:long}/cuts", async (HttpContext http, long bargainId) =>
        {
            if (ShopperOf(http) is { } helperId) Answer(http, bargainId, helperId, await help(source, bargainId, helperId));
        });
        app.MapGet("/v1/bargains/{bargainId:long}", (HttpContext http, long bargainId) => Json(http, source,
            $"SELECT json_build_object('bargainId', b.id, 'startPriceFen', c.start_price, 'priceFen', b.price, 'cutCount', b.cut_count)::text FROM bargains b JOIN campaigns c ON c.id = b.campaign_id WHERE b.id = {bargainId}"));
        app.MapGet("/v1/bargains/{bargainId:long}/cuts", (HttpContext http, long bargainId, int? after) => Json(http, source,
            $$"""
            SELECT json_build_object('items', coalesce(json_agg(json_build_object('helperId', helper_id, 'cutFen', cut_fen, 'priceFen', price_fen) ORDER BY number), '[]'), 'next', CASE WHEN count(*) = 200 THEN max(number)::text ELSE '' END)::text
            FROM (SELECT * FROM cuts WHERE bargain_id = {{bargainId}} AND number > {{after ?? 0}} ORDER BY number LIMIT 200) page
            """));
        await app.RunAsync();
        return 0;
    }

    /// <summary>As the engine's HTTP server is set up.</summary>
    public static void Serve(WebApplicationBuilder builder, Dictionary<string, string> options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, int.Parse(options["--port"], CultureInfo.InvariantCulture));
            kestrel.AddServerHeader = false;
        });
        builder.WebHost.UseSockets(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
    }

    private static async Task Publish(NpgsqlDataSource source, string campaignId)
    {
        await using var insert = source.CreateCommand("INSERT INTO campaigns (id, product_id, start_price, existing_min, existing_max, new_min, new_max) VALUES ($1, $2, $3, 1, 1, 1, 2)");
        insert.Parameters.AddRange((NpgsqlParameter[])[Of(campaignId), Of("product-" + campaignId), Of(BargainField.StartPriceFen)]);
        await insert.ExecuteNonQueryAsync();
    }

    private static async Task Start(HttpContext http, NpgsqlDataSource source, string campaignId)
    {
        if (ShopperOf(http) is not { } ownerId) return;
        await using var insert = source.CreateCommand("""
            INSERT INTO bargains (owner_id, campaign_id, product_id, price, expires_at)
            SELECT $2, id, product_id, start_price, now() + interval '24 hours' FROM campaigns WHERE id = $1 RETURNING id
            """);
        insert.Parameters.AddRange((NpgsqlParameter[])[Of(campaignId), Of(ownerId)]);
        var id = (long)(await insert.ExecuteScalarAsync())!;
        Write(http, StatusCodes.Status201Created, System.Text.Encoding.UTF8.GetBytes($$"""{"bargainId":"{{id}}"}"""));
    }

    public static string? ShopperOf(HttpContext http)
    {
        if (http.Request.Headers["X-Api-Key"] == Requests.ApiKey && http.Request.Headers["X-User-Id"] is [{ Length: > 0 and <= 64 } shopperId]) return shopperId;
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.ContentLength = 0;
        return null;
    }

    // The members of the engine's receipt, written as cheaply as can be.
    public static void Answer(HttpContext http, long bargainId, string helperId, BaselineCut cut)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            if (cut.Outcome > BaselineOutcome.Repeated)
            {
                json.WriteString("code", cut.Outcome.ToString());
            }
            else
            {
                json.WriteNumber("bargainId", bargainId);
                json.WriteString("helperId", helperId);
                json.WriteNumber("cutNumber", cut.Number);
                json.WriteNumber("cutFen", cut.CutFen);
                json.WriteNumber("priceFen", cut.PriceFen);
                json.WriteNumber("remainingFen", cut.PriceFen);
                json.WriteBoolean("newShopper", cut.NewShopper);
                json.WriteString("at", cut.At);
                json.WriteNumber("helpsUsed", cut.Used);
            }

            json.WriteEndObject();
        }

        Write(http, cut.Outcome switch
        {
            BaselineOutcome.Done => StatusCodes.Status201Created,
            BaselineOutcome.Repeated => StatusCodes.Status200OK,
            BaselineOutcome.BargainNotFound => StatusCodes.Status404NotFound,
            BaselineOutcome.Cancelled or BaselineOutcome.Expired => StatusCodes.Status410Gone,
            _ => StatusCodes.Status409Conflict,
        }, body.WrittenSpan);
    }

    public static void Write(HttpContext http, int status, ReadOnlySpan<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        http.Response.BodyWriter.Write(body);
    }

    // For the audit alone.
    private static async Task Json(HttpContext http, NpgsqlDataSource source, string sql)
    {
#pragma warning disable CA2100 // The only input in these texts is numbers.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        if (await command.ExecuteScalarAsync() is string json) Write(http, StatusCodes.Status200OK, System.Text.Encoding.UTF8.GetBytes(json));
        else http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static string Schema()
    {
        using var stream = typeof(BaselineHost).Assembly.GetManifestResourceStream("SocialCommerce.Bench.Hosting.baseline.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
