using System.Reflection;

namespace SocialCommerce.Api;

/// <summary>A query parameter.</summary>
internal sealed record QueryDoc(string Name, string Description, string Example);

/// <summary>What a route is for, what it takes and gives: the OpenAPI document is made of these.</summary>
internal sealed class RouteDoc(Scopes needs)
{
    private readonly List<QueryDoc> _queries = [];
    private readonly List<Problem> _problems = [];

    public Scopes Needs => needs;
    public string OperationId { get; private set; } = "";
    public string Tag { get; private set; } = "";
    public string Summary { get; private set; } = "";
    public string Description { get; private set; } = "";
    public Type? Body { get; private set; }
    public string? BodyExample { get; private set; }
    public Type? Answer { get; private set; }
    public IReadOnlyList<int> Statuses { get; private set; } = [];
    public string? TextType { get; private set; }
    public bool IsRepeatable { get; private set; }
    public IReadOnlyList<QueryDoc> Queries => _queries;
    public IReadOnlyList<Problem> Problems => _problems;

    public RouteDoc Says(string operationId, string tag, string summary, string description)
    {
        (OperationId, Tag, Summary, Description) = (operationId, tag, summary, description);
        return this;
    }

    /// <summary>A JSON body, with one that works.</summary>
    public RouteDoc Takes<TBody>(string example)
    {
        (Body, BodyExample) = (typeof(TBody), example);
        return this;
    }

    /// <summary>What success looks like, under each of the statuses.</summary>
    public RouteDoc Gives<TAnswer>(params int[] statuses)
    {
        (Answer, Statuses) = (typeof(TAnswer), statuses);
        return this;
    }

    public RouteDoc GivesText(string mediaType)
    {
        (TextType, Statuses) = (mediaType, [StatusCodes.Status200OK]);
        return this;
    }

    public RouteDoc Streams()
    {
        (TextType, Statuses) = ("text/event-stream", [StatusCodes.Status200OK, StatusCodes.Status204NoContent]);
        return this;
    }

    public RouteDoc Asks(string name, string description, string example)
    {
        _queries.Add(new QueryDoc(name, description, example));
        return this;
    }

    /// <summary>A list with a cursor.</summary>
    public RouteDoc Pages()
        => Asks("after", "The next of the page before; left out for the start.", "")
            .Asks("limit", $"How many at most, 1 to {RequestForm.LimitMax}; {RequestForm.LimitDefault} by default.", "50");

    /// <summary>Takes an idempotency key.</summary>
    public RouteDoc Repeatable()
    {
        IsRepeatable = true;
        _problems.Add(Api.Problems.KeyReused);
        return this;
    }

    public RouteDoc Refuses(params Problem[] problems)
    {
        _problems.AddRange(problems);
        return this;
    }

    public RouteDoc Refuses<TRefusal>()
        where TRefusal : struct, Enum
    {
        _problems.AddRange(Api.Problems.AllOf<TRefusal>());
        return this;
    }

    /// <summary>Hands the description to the endpoint, whose handler the framework's explorer looks for.</summary>
    public void Describe(EndpointBuilder endpoint, MethodInfo handler)
    {
        if (OperationId.Length == 0) throw new InvalidOperationException($"The route {endpoint.DisplayName} says nothing of itself.");
        endpoint.Metadata.Add(handler);
        endpoint.Metadata.Add(this);
        endpoint.Metadata.Add(new EndpointNameMetadata(OperationId));
        endpoint.Metadata.Add(new TagsAttribute(Tag));
        foreach (var status in Statuses)
        {
            if (Answer is not null) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, Answer, ["application/json"]));
            else if (status != StatusCodes.Status204NoContent) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(string), [TextType!]));
            else endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status));
        }
    }
}
