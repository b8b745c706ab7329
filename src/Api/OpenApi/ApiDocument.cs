using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace SocialCommerce.Api;

/// <summary>The OpenAPI document: made once, at its first reading, from the routes' descriptions and the shapes of <see cref="ApiJson"/>.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";
    public const string ProblemSchema = "Problem";
    public const string ApiKeyScheme = "apiKey";
    public const string BearerScheme = "bearer";

    private const string Name = "v1";

    private const string About =
        """
        Bargain and group-buy campaigns. Money is whole minor units (`priceFen`), times are RFC 3339 in UTC. Unknown members of requests are
        ignored; members are only ever added to replies. Refusals are problems (RFC 9457) with a `code`. Any request that changes something
        may carry an `Idempotency-Key`: the same key gives the first answer again.
        """;

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.Configure<HttpJsonOptions>(UseApiShapes);
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => SchemaNames.Of(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddOperationTransformer(OperationDescriber.Describe);
            options.AddSchemaTransformer(SchemaDescriber.Describe);
            options.AddDocumentTransformer(DescribeDocument);
        });
    }

    public static void MapApiDocument(this WebApplication app)
    {
        var document = new Lazy<Task<byte[]>>(() => Make(app.Services));
        app.MapMethods(Path, [HttpMethods.Get], async http =>
        {
            var json = await document.Value;
            http.Response.ContentType = "application/json; charset=utf-8";
            JsonAnswer.WriteBytes(http.Response, json);
        }).ExcludeFromDescription();
    }

    private static async Task<byte[]> Make(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var provider = scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }

    private static void UseApiShapes(HttpJsonOptions options)
    {
        var own = ApiJson.Default.Options;
        options.SerializerOptions.PropertyNamingPolicy = own.PropertyNamingPolicy;
        options.SerializerOptions.DefaultIgnoreCondition = own.DefaultIgnoreCondition;
        options.SerializerOptions.NumberHandling = own.NumberHandling;
        foreach (var converter in own.Converters) options.SerializerOptions.Converters.Add(converter);
        options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
    }

    private static async Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo { Title = "Social commerce", Version = Name, Description = About };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Doorkeeper.ApiKeyHeader,
                Description = $"The shop's servers; with {Doorkeeper.ShopperHeader} for a shopper. In the Development environment, on loopback, the key is dev.",
            },
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A shopper's own client; the token's subject is the shopper.",
            },
        };
        document.AddComponent(ProblemSchema, await context.GetOrCreateSchemaAsync(typeof(ProblemShape), cancellationToken: cancel));
    }
}
