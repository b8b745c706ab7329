namespace SocialCommerce.Rules;

/// <summary>Where a seat stands; the numbers are those of the published contract.</summary>
public enum SeatStatus
{
    None = 0,
    Held = 1,
    Paid = 2,
    Confirmed = 3,
    Released = 4,
    Left = 5,
    RefundRequested = 6,
    Refunded = 7,
}

/// <summary>One member's place in a team, now or once.</summary>
public sealed record Seat
{
    public required string SeatId { get; init; }

    /// <summary>1 for the leader's first seat, then in order of joining.</summary>
    public int Number { get; init; }

    public required string ShopperId { get; init; }
    public SeatStatus Status { get; init; }
    public long PriceFen { get; init; }
    public DateTimeOffset HeldAt { get; init; }
    public DateTimeOffset HoldExpiresAt { get; init; }

    /// <summary>How many links lie between the leader and the member; 0 when it came by no link.</summary>
    public int Depth { get; init; }

    /// <summary>The one payment that counts for it, whether it kept the seat or goes back.</summary>
    public string? PaymentId { get; init; }
    public long PaidFen { get; init; }
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>What the member pays in the end; set when confirmed.</summary>
    public long? SettledFen { get; init; }

    public Refund? Refund { get; init; }

    /// <summary>Takes a place of the team.</summary>
    public bool IsLive => Status is SeatStatus.Held or SeatStatus.Paid or SeatStatus.Confirmed;

    /// <summary>Takes a place at an instant: a hold that has run out does not, even if nothing has swept it yet.</summary>
    public bool IsLiveAt(DateTimeOffset now) => IsLive && !HasLapsed(now);

    public bool HasLapsed(DateTimeOffset now) => Status == SeatStatus.Held && now >= HoldExpiresAt;

    /// <summary>When something is to happen to it by itself: the end of its hold, or the next request of its refund.</summary>
    public DateTimeOffset? DueAt => Status == SeatStatus.Held ? HoldExpiresAt : Refund is { IsPending: true } refund ? refund.NextAt : null;
}
