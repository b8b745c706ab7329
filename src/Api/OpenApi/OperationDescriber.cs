using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SocialCommerce.Api;

/// <summary>Fills in an operation from its route's description.</summary>
internal static class OperationDescriber
{
    public static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteDoc>().SingleOrDefault() is not { } doc) return;
        operation.OperationId = doc.OperationId;
        operation.Summary = doc.Summary;
        operation.Description = doc.Description;
        operation.Parameters = [.. Parameters(doc, context.Description.RelativePath ?? "")];
        if (doc.Body is not null)
        {
            var schema = await context.GetOrCreateSchemaAsync(doc.Body, cancellationToken: cancel);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = schema.Required?.Count > 0,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = schema, Example = JsonNode.Parse(doc.BodyExample!) },
                },
            };
        }

        DescribeSuccess(operation, doc);
        DescribeProblems(operation, doc, context.Document!);
        if (doc.Needs != Scopes.None) operation.Security = Security(context.Document!);
    }

    private static IEnumerable<IOpenApiParameter> Parameters(RouteDoc doc, string path)
    {
        foreach (var part in path.Split('/').Where(part => part.StartsWith('{')))
        {
            yield return new OpenApiParameter
            {
                Name = part.Trim('{', '}'),
                In = ParameterLocation.Path,
                Required = true,
                Schema = IdSchema(),
            };
        }

        foreach (var query in doc.Queries)
        {
            yield return new OpenApiParameter
            {
                Name = query.Name,
                In = ParameterLocation.Query,
                Description = query.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = query.Example.Length == 0 ? null : JsonValue.Create(query.Example),
            };
        }

        if (doc.Needs.HasFlag(Scopes.Shopper))
        {
            yield return new OpenApiParameter
            {
                Name = Doorkeeper.ShopperHeader,
                In = ParameterLocation.Header,
                Description = doc.Needs == Scopes.Shopper
                    ? "With an API key: the shopper acted for, required. A token names its own."
                    : "With an API key: the shopper acted for, if any.",
                Schema = IdSchema(),
            };
        }

        if (doc.IsRepeatable)
        {
            yield return new OpenApiParameter
            {
                Name = RequestForm.IdempotencyKeyHeader,
                In = ParameterLocation.Header,
                Description = "1 to 255 printable ASCII characters, kept at least 24 hours. The same key gives the first answer again, with Idempotency-Hit: true.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
            };
        }
    }

    private static OpenApiSchema IdSchema() => new() { Type = JsonSchemaType.String, Pattern = Ids.Pattern };

    private static void DescribeSuccess(OpenApiOperation operation, RouteDoc doc)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            response.Description = status switch
            {
                "201" => "Came into being by this request.",
                "204" => "Last-Event-ID names the end: there is nothing more to come.",
                _ when doc.Statuses.Contains(StatusCodes.Status201Created) => "There already: the first answer again.",
                _ => "OK",
            };
            if (status == "200" && doc.IsRepeatable && response is OpenApiResponse own)
            {
                own.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    [Call.HitHeader] = new OpenApiHeader
                    {
                        Description = "true when an earlier request did it.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                };
            }
        }
    }

    private static void DescribeProblems(OpenApiOperation operation, RouteDoc doc, OpenApiDocument document)
    {
        operation.Responses ??= [];
        foreach (var status in Common(doc).Concat(doc.Problems).Distinct().GroupBy(problem => problem.Status).OrderBy(group => group.Key))
        {
            var codes = status.Select(problem => problem.Code).Distinct(StringComparer.Ordinal).ToList();
            operation.Responses[status.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = "code: " + string.Join(", ", codes),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new()
                    {
                        Schema = new OpenApiSchemaReference(ApiDocument.ProblemSchema, document),
                        Example = ExampleOf(status.First()),
                    },
                },
            };
        }
    }

    /// <summary>What every route may answer with, by what it needs and takes.</summary>
    private static IEnumerable<Problem> Common(RouteDoc doc)
    {
        if (doc.Needs == Scopes.None)
        {
            yield return Problems.NotFound;
            yield break;
        }

        yield return Problems.Malformed;
        yield return Problems.Unauthenticated;
        yield return Problems.Forbidden;
        if (doc.Body is not null)
        {
            yield return Problems.BodyTooLarge;
            yield return Problems.NotJson;
        }

        yield return Problems.RateLimited;
        yield return Problems.HeadersTooLarge;
        yield return Problems.Overloaded;
        yield return Problems.StoreUnavailable;
        yield return Problems.Unavailable;
    }

    private static JsonObject ExampleOf(Problem problem) => new()
    {
        ["type"] = problem.Type,
        ["title"] = problem.Title,
        ["status"] = problem.Status,
        ["detail"] = problem.Detail,
        ["code"] = problem.Code,
    };

    private static List<OpenApiSecurityRequirement> Security(OpenApiDocument document) =>
    [
        new() { [new OpenApiSecuritySchemeReference(ApiDocument.ApiKeyScheme, document)] = [] },
        new() { [new OpenApiSecuritySchemeReference(ApiDocument.BearerScheme, document)] = [] },
    ];
}
