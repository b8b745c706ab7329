using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>A request that was let in, with who makes it and for whom.</summary>
/// <param name="shopperId">The shopper acted for; null when a key speaks for no shopper.</param>
/// <param name="shopperFault">What is wrong with how the shopper is named. The form begins with it, so that it is named with all else; a handler reads one before it acts.</param>
internal sealed class Call(HttpContext http, EdgeParts parts, Caller caller, string? shopperId, Fault? shopperFault = null)
{
    public const string HitHeader = "Idempotency-Hit";

    private static readonly StringValues Hit = "true";

    public HttpContext Http => http;
    public EdgeParts Parts => parts;
    public Caller Caller => caller;
    public string? ShopperId => shopperId;
    public Fault? ShopperFault => shopperFault;

    /// <summary>When the token that the call came with expires; null for a key.</summary>
    public DateTimeOffset? GoodUntil { get; init; }

    /// <summary>The shopper acted for; only on routes that need the scope <see cref="Scopes.Shopper"/>.</summary>
    public IShopper Shopper() => parts.Shoppers.Of(shopperId ?? throw new InvalidOperationException("The route does not ask for a shopper."));

    public TGrain Grain<TGrain>(string key)
        where TGrain : IGrainWithStringKey
        => parts.Grains.Of<TGrain>(key);

    /// <summary>The form of a request whose body says nothing.</summary>
    public RequestForm Form() => new(this);

    /// <summary>The form of a request with its body.</summary>
    public async ValueTask<RequestForm> ReadForm()
    {
        var form = new RequestForm(this);
        await form.ReadBody();
        return form;
    }

    /// <summary>Maps what a grain did: 201 (or the status given) when it was this very request, 200 and a header when an earlier one.</summary>
    /// <param name="problem">Of the refusal, when there is one.</param>
    public void Answer<T>(Outcome outcome, Problem problem, T? value, JsonTypeInfo<T> type, int doneStatus, ProblemNotes? notes = null)
        where T : class
    {
        if (StatusOf(outcome, doneStatus, problem, notes) is { } status) Answer(status, Given(value), type);
    }

    /// <summary>The same for a shape that is written by hand.</summary>
    public void Answer<T>(Outcome outcome, Problem problem, T? value, Action<Utf8JsonWriter, T> write, int doneStatus, ProblemNotes? notes = null)
        where T : class
    {
        if (StatusOf(outcome, doneStatus, problem, notes) is { } status) JsonAnswer.Write(http.Response, status, Given(value), write);
    }

    // Null where the problem is the answer, and is given.
    private int? StatusOf(Outcome outcome, int doneStatus, Problem problem, ProblemNotes? notes)
    {
        switch (outcome)
        {
            case Outcome.Done:
                return doneStatus;
            case Outcome.Repeated:
                http.Response.Headers[HitHeader] = Hit;
                return StatusCodes.Status200OK;
            case Outcome.Refused:
                Refuse(problem, notes);
                return null;
            case Outcome.KeyReused:
                Refuse(Problems.KeyReused);
                return null;
            default:
                throw new InvalidOperationException($"A grain answered with the outcome {outcome}.");
        }
    }

    public void Answer<T>(int status, T value, JsonTypeInfo<T> type) => JsonAnswer.Write(http.Response, status, value, type);

    /// <summary>200 with the value, or the problem when there is none.</summary>
    public void AnswerOr<T>(Problem missing, T? value, JsonTypeInfo<T> type)
        where T : class
    {
        if (value is null) Refuse(missing);
        else Answer(StatusCodes.Status200OK, value, type);
    }

    public void Refuse(Problem problem, ProblemNotes? notes = null) => ProblemWriter.Write(http.Response, problem, notes);

    private static T Given<T>(T? value)
        where T : class
        => value ?? throw new InvalidOperationException($"A grain reported success without a {typeof(T).Name}.");
}
