using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SocialCommerce.Api;

/// <summary>The names that the shapes of the API go by in its document.</summary>
internal static class SchemaNames
{
    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(BargainView)] = "Bargain",
        [typeof(CutReceipt)] = "Cut",
        [typeof(ClaimReceipt)] = "Claim",
        [typeof(FairnessView)] = "Fairness",
        [typeof(TeamView)] = "Team",
        [typeof(TeamAnswer)] = "TeamWithSeat",
        [typeof(SeatView)] = "Seat",
        [typeof(RefundView)] = "Refund",
        [typeof(OpenTeamView)] = "OpenTeam",
        [typeof(PurchaseView)] = "Purchase",
        [typeof(ShopperView)] = "Me",
        [typeof(ShopperAnswer)] = "Shopper",
        [typeof(CampaignAnswer)] = "Campaign",
        [typeof(CampaignStatsAnswer)] = "CampaignStats",
        [typeof(StockView)] = "Inventory",
        [typeof(EventAnswer)] = "Event",
        [typeof(ShareAnswer)] = "ShareLink",
        [typeof(HealthAnswer)] = "Health",
        [typeof(ListAnswer<CutReceipt>)] = "CutList",
        [typeof(ListAnswer<OpenTeamView>)] = "OpenTeamList",
        [typeof(ListAnswer<CampaignAnswer>)] = "CampaignList",
        [typeof(ListAnswer<EventAnswer>)] = "EventList",
    };

    public static string? Of(Type type) => Names.GetValueOrDefault(type);
}

/// <summary>Corrects schemas where a converter of ours says more than a type does.</summary>
internal static class SchemaDescriber
{
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(Fill)) DescribeFill(schema);
        else if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset)) DescribeInstant(schema);
        else if ((Nullable.GetUnderlyingType(type) ?? type).IsEnum) DescribeChoice(schema);
        else if (context.JsonPropertyInfo?.DeclaringType == typeof(EventAnswer) && context.JsonPropertyInfo.Name == "data") DescribeObject(schema);
        else if (IsAnswer(type)) RequireGiven(schema, context.JsonTypeInfo);
        return Task.CompletedTask;
    }

    private static bool IsAnswer(Type type)
        => type.Namespace == typeof(BargainView).Namespace || SchemaNames.Of(type) is not null || type == typeof(MoneyStats) || type == typeof(FissionStats);

    /// <summary>Members of answers that are never null are always there.</summary>
    private static void RequireGiven(OpenApiSchema schema, JsonTypeInfo type)
    {
        // Settings that callers write too have defaults: there, only what the type requires is required.
        if (schema.Properties is null || type.Type == typeof(CutPolicy) || type.Type == typeof(FenRange) || type.Type == typeof(Product)) return;
        schema.Required ??= new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in type.Properties)
            if (!member.IsGetNullable && Nullable.GetUnderlyingType(member.PropertyType) is null && schema.Properties.ContainsKey(member.Name))
                schema.Required.Add(member.Name);
    }

    private static void DescribeFill(OpenApiSchema schema)
    {
        var members = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "members" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["members"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" } },
        };
        var whenAtLeast = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "whenAtLeast" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["whenAtLeast"] = members },
        };
        schema.Type = null;
        schema.Properties = null;
        schema.OneOf = [new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("none")] }, whenAtLeast];
    }

    private static void DescribeInstant(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Format = "date-time";
    }

    /// <summary>The names of an enum, without the one that is never sent.</summary>
    private static void DescribeChoice(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. (schema.Enum ?? []).Where(value => value is not null && value.GetValueKind() == System.Text.Json.JsonValueKind.String && value.GetValue<string>() != "none")];
    }

    private static void DescribeObject(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Format = null;
    }
}
