using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>The side of a team that a shopper's grain and the sweep of deadlines talk to; the key is the team's id.</summary>
[Alias("sc.internal.team-seats")]
internal interface ITeamSeats : IGrainWithStringKey
{
    /// <summary>What a shopper's grain must know beforehand; null when there is no such team or purchase.</summary>
    [Alias("campaign")]
    Task<UnitLimit?> Campaign();

    /// <summary>Decides a join and commits it together with the joiner's own event and the stock.</summary>
    [Alias("join")]
    Task<SeatOutcome> Join(JoinByShopper request);

    /// <summary>Decides a payment for a seat that is no longer its member's, with what the member's grain knows.</summary>
    [Alias("pay-anew")]
    Task<SeatOutcome> PayAnew(PayByShopper request);

    /// <summary>Whether the seat takes a unit of the campaign now.</summary>
    [Alias("is-live")]
    Task<bool> IsLive(string seatId);

    /// <summary>Lets time pass.</summary>
    [Alias("tick")]
    Task Tick();
}

/// <summary>The side of a solo purchase that a shopper's grain and the sweep of deadlines talk to; the key is the purchase's id.</summary>
[Alias("sc.internal.purchase-unit")]
internal interface IPurchaseUnit : IGrainWithStringKey
{
    /// <inheritdoc cref="ITeamSeats.Campaign"/>
    [Alias("campaign")]
    Task<UnitLimit?> Campaign();

    /// <inheritdoc cref="ITeamSeats.PayAnew"/>
    [Alias("pay-anew")]
    Task<PurchaseOutcome> PayAnew(PayByShopper request);

    /// <inheritdoc cref="ITeamSeats.IsLive"/>
    [Alias("is-live")]
    Task<bool> IsLive();

    /// <inheritdoc cref="ITeamSeats.Tick"/>
    [Alias("tick")]
    Task Tick();
}

/// <summary>The side of a shopper that teams and purchases talk to when a payment comes too late for its hold.</summary>
[Alias("sc.internal.late-payer")]
internal interface ILatePayer : IGrainWithStringKey
{
    /// <summary>Takes the seat anew for the payment, if the shopper's unit limit still allows it; otherwise the payment goes back.</summary>
    [Alias("retake-seat")]
    Task<SeatChangeReply> RetakeSeat(string teamId, Payment payment);

    [Alias("retake-purchase")]
    Task<PurchaseChangeReply> RetakePurchase(string purchaseId, Payment payment);
}

/// <summary>The campaign of a team and how many of its units a shopper may have.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.unit-limit")]
internal sealed record UnitLimit
{
    [Id(0)] public required string CampaignId { get; init; }
    [Id(1)] public int UnitsPerShopper { get; init; }
}

/// <summary>A join with what the joiner's grain knows.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.join-by-shopper")]
internal sealed record JoinByShopper
{
    [Id(0)] public required string ShopperId { get; init; }
    [Id(1)] public string Via { get; init; } = "";
    [Id(2)] public int ShopperVersion { get; init; }
    [Id(3)] public bool NewShopper { get; init; }
    [Id(4)] public bool UnitLimitReached { get; init; }
    [Id(5)] public RequestKey? RequestKey { get; init; }
}

/// <summary>A late payment with what the payer's grain knows.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.pay-by-shopper")]
internal sealed record PayByShopper
{
    [Id(0)] public required Payment Payment { get; init; }
    [Id(1)] public required string ShopperId { get; init; }
    [Id(2)] public int ShopperVersion { get; init; }
    [Id(3)] public bool UnitLimitReached { get; init; }
}

/// <summary>What became of a join or a late payment.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.seat-outcome")]
internal sealed record SeatOutcome
{
    [Id(0)] public SeatReply Join { get; init; } = new();
    [Id(1)] public SeatChangeReply Change { get; init; } = new();
    /// <summary>The shopper's stream is not at the version given: read it again and ask again.</summary>
    [Id(2)] public bool ShopperIsStale { get; init; }
    /// <summary>When the shopper's own event was written with it, what that says; null when none was.</summary>
    [Id(3)] public SeatTaken? Taken { get; init; }
}

/// <summary>What became of a late payment of a purchase.</summary>
[GenerateSerializer, Immutable, Alias("sc.internal.purchase-outcome")]
internal sealed record PurchaseOutcome
{
    [Id(0)] public PurchaseChangeReply Change { get; init; } = new();
    [Id(1)] public bool ShopperIsStale { get; init; }
    /// <summary>The campaign, when the shopper's own event was written with it; empty when none was.</summary>
    [Id(2)] public string TakenIn { get; init; } = "";
    [Id(3)] public DateTimeOffset At { get; init; }
}

[GenerateSerializer, Immutable, Alias("sc.internal.seat-taken")]
internal sealed record SeatTaken
{
    [Id(0)] public required string CampaignId { get; init; }
    [Id(1)] public required string SeatId { get; init; }
    [Id(2)] public DateTimeOffset At { get; init; }
}
