namespace SocialCommerce.GrainInterfaces;

/// <summary>
/// The idempotency key of one request. The same key with the same fingerprint gets the first answer again, for at least 24 hours;
/// with another fingerprint it is refused as reused. Refusals are not remembered: a refused request had no effect.
/// </summary>
[GenerateSerializer, Immutable, Alias("sc.request-key")]
public sealed record RequestKey
{
    /// <summary>Unique to the caller; 1 to 200 characters. The HTTP API puts who calls in front.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>Tells another content: a hash of all that the request says.</summary>
    [Id(1)] public required string Fingerprint { get; init; }
}

/// <summary>How an answer came about.</summary>
public enum Outcome
{
    /// <summary>Not answered; never sent.</summary>
    None = 0,
    /// <summary>Done by this very request.</summary>
    Done = 1,
    /// <summary>Done by an earlier request; this is its answer.</summary>
    Repeated = 2,
    /// <summary>Refused by the rules or the state; nothing changed.</summary>
    Refused = 3,
    /// <summary>The idempotency key was used with another content; nothing changed.</summary>
    KeyReused = 4,
}

/// <summary>One fault of one field of a request.</summary>
[GenerateSerializer, Immutable, Alias("sc.fault")]
public sealed record Fault
{
    /// <summary>The field, as the JSON body names it, with dots and brackets for what is nested.</summary>
    [Id(0)] public required string Field { get; init; }

    /// <summary>What is wrong, in one sentence.</summary>
    [Id(1)] public required string Message { get; init; }
}

/// <summary>A shareable link was made.</summary>
[GenerateSerializer, Immutable, Alias("sc.share-reply")]
public sealed record ShareReply
{
    /// <summary>Done, Refused when what is to be shared does not exist or is over, or what the request's key brought.</summary>
    [Id(0)] public Outcome Outcome { get; init; }

    /// <summary>The signed token; empty when refused.</summary>
    [Id(1)] public string Token { get; init; } = "";

    /// <summary>The refusal's name as rules.md gives it; empty when done.</summary>
    [Id(2)] public string Refusal { get; init; } = "";
}

/// <summary>Asks for a share link.</summary>
[GenerateSerializer, Immutable, Alias("sc.share")]
public sealed record ShareRequest
{
    /// <summary>Who invites.</summary>
    [Id(0)] public required string ShopperId { get; init; }

    /// <summary>Through which channel, 1 to 32 characters; empty for none.</summary>
    [Id(1)] public string Channel { get; init; } = "";

    /// <summary>The token by which the inviter came, so that the depth goes on from there; empty for none.</summary>
    [Id(2)] public string Via { get; init; } = "";

    [Id(3)] public RequestKey? RequestKey { get; init; }
}
