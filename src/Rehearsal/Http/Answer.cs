namespace SocialCommerce.Rehearsal.Http;

/// <summary>What is known of a request after it: done, refused (and so without effect), or unknown.</summary>
internal enum Outcome
{
    None = 0,

    /// <summary>Answered with success: acknowledged.</summary>
    Done = 1,

    /// <summary>Refused with a code: nothing may have happened.</summary>
    Refused = 2,

    /// <summary>No answer, or one that leaves it open (5xx): it may or may not have happened.</summary>
    Unknown = 3,
}

/// <summary>One request as the rehearsal makes it. <paramref name="Name"/> is the row of the latency table it counts in.</summary>
internal sealed record Ask(string Name, HttpMethod Method, string Path)
{
    public string? ShopperId { get; init; }
    public object? Body { get; init; }
    public string? IdempotencyKey { get; init; }
}

/// <summary>The answer to an <see cref="Ask"/> after all tries.</summary>
/// <param name="Outcome">What is known after it.</param>
/// <param name="Status">The last HTTP status, 0 where there was none.</param>
/// <param name="Code">The problem's code; for a fault a word for it.</param>
/// <param name="Detail">What the problem says, in one line.</param>
/// <param name="Repeated">The engine called it a repeat.</param>
/// <param name="Value">The body of a success.</param>
internal readonly record struct Answer<T>(Outcome Outcome, int Status, string Code, string Detail, bool Repeated, T? Value)
    where T : class
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    public bool Done => Outcome == Outcome.Done && Value is not null;
}

/// <summary>The engine was away for longer than the rehearsal waits.</summary>
internal sealed class EngineAwayException(Uri url, int patienceSeconds, Exception? inner)
    : Exception($"{url} did not answer for {patienceSeconds} s{(inner is null ? "" : $" ({inner.Message})")}", inner);
