namespace SocialCommerce.Rules;

/// <summary>Why money goes back. Numbers are stored; never reuse one.</summary>
public enum RefundReason
{
    None = 0,
    TeamFailed = 1,
    Left = 2,

    /// <summary>Paid too late, and no seat or unit was left to take.</summary>
    HoldRanOut = 3,

    /// <summary>The team settled at a lower price than was paid; a leader's discount is in the amount.</summary>
    TierReached = 4,

    /// <summary>The leader's discount alone.</summary>
    LeaderDiscount = 5,
}

/// <summary>
/// A refund asked of the shop, of one seat or purchase; neither ever has a second one. It is asked for again and again until the
/// shop confirms it, with pauses that double from a minute to an hour.
/// </summary>
public sealed record Refund
{
    /// <summary>Between the first request and the second.</summary>
    public static readonly TimeSpan PauseFirst = TimeSpan.FromMinutes(1);

    /// <summary>However often it was asked for.</summary>
    public static readonly TimeSpan PauseMost = TimeSpan.FromHours(1);

    /// <summary>The same in every request of this refund, so that the shop can drop repeats.</summary>
    public required string RequestId { get; init; }

    public RefundReason Reason { get; init; }
    public long AmountFen { get; init; }

    /// <summary>How often it was asked for.</summary>
    public int Attempt { get; init; }

    /// <summary>When it was asked for first.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it is asked for again, unless confirmed before.</summary>
    public DateTimeOffset NextAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>The shop's id of the refund, once confirmed.</summary>
    public string? RefundId { get; init; }

    public bool IsPending => ConfirmedAt is null;

    /// <summary>The refund request of a seat or purchase, from its id: there is only ever one.</summary>
    public static string RequestIdOf(string holderId) => holderId + "-refund";

    /// <summary>The pause after a request; the first is number 1.</summary>
    public static TimeSpan PauseAfter(int attempt)
    {
        // 2^6 minutes is above the most already; a larger shift would overflow in the end.
        var doublings = Math.Clamp(attempt - 1, 0, 6);
        return TimeSpan.FromTicks(Math.Min(PauseFirst.Ticks << doublings, PauseMost.Ticks));
    }
}
