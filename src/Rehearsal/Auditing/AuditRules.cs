namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>One promise that the audit holds the engine to.</summary>
/// <param name="Name">As it stands in the report.</param>
/// <param name="Says">The promise in words.</param>
/// <param name="Eventual">It may take the engine a moment (the feed, a projection): the audit asks again before it calls it broken.</param>
internal sealed record AuditRule(string Name, string Says, bool Eventual = false);

/// <summary>Every promise that can be found broken. What is not listed here can't be reported, so that the list is complete.</summary>
internal static class AuditRules
{
    public static readonly AuditRule StartStands = new("startStands", "an acknowledged start is there, as it was answered");
    public static readonly AuditRule StartKnown = new("startKnown", "no bargain that nobody started");
    public static readonly AuditRule OneOpenBargain = new("oneOpenBargain", "a shopper has one open bargain per campaign", Eventual: true);
    public static readonly AuditRule CutStands = new("cutStands", "an acknowledged cut is there, as it was answered");
    public static readonly AuditRule SameReceipt = new("sameReceipt", "a repeated cut is answered with the first receipt");
    public static readonly AuditRule CutKnown = new("cutKnown", "no cut that was never acknowledged, unless its outcome is unknown");
    public static readonly AuditRule CutOnce = new("cutOnce", "a helper cuts a bargain once");
    public static readonly AuditRule CutsNumbered = new("cutsNumbered", "cuts are numbered 1 to n and the bargain counts n");
    public static readonly AuditRule SumOfCuts = new("sumOfCuts", "start price = price + sum of cuts");
    public static readonly AuditRule FloorHolds = new("floorHolds", "price >= floor, remaining = price - floor");
    public static readonly AuditRule PriceChain = new("priceChain", "each cut's price is the one before it less the cut");
    public static readonly AuditRule HeadcountExact = new("headcountExact", "headcount: exactly n cuts reach the floor, never fewer, never more");
    public static readonly AuditRule AmountsInRange = new("amountsInRange", "amounts: a cut lies in the range of its helper's kind, or is what was left");
    public static readonly AuditRule OwnerNeverHelps = new("ownerNeverHelps", "nobody cuts their own bargain");
    public static readonly AuditRule OncePerOwnerAndProduct = new("oncePerOwnerAndProduct", "a helper helps an owner on a product once, over all bargains and campaigns");
    public static readonly AuditRule DailyLimit = new("dailyLimit", "a helper helps no more often than the limit on a day in Asia/Shanghai");
    public static readonly AuditRule MeAgrees = new("meAgrees", "helpsToday of /v1/me counts the cuts that are there", Eventual: true);
    public static readonly AuditRule DeadlineHolds = new("deadlineHolds", "no cut at or after expiresAt");
    public static readonly AuditRule EndsInTime = new("endsInTime", "what is past its deadline has ended", Eventual: true);
    public static readonly AuditRule StatusFits = new("statusFits", "won and claimed are at the floor, expired and cancelled are not");
    public static readonly AuditRule EndsOnce = new("endsOnce", "an ended bargain has one end event, an open one none", Eventual: true);
    public static readonly AuditRule EventIdsUnique = new("eventIdsUnique", "event ids are unique");
    public static readonly AuditRule VersionsContiguous = new("versionsContiguous", "a bargain's or team's events have versions 1, 2, 3, … in the order of the feed (a changed leader is no event)", Eventual: true);
    public static readonly AuditRule CutsInFeed = new("cutsInFeed", "the feed has one bargain.cut for each cut", Eventual: true);
    public static readonly AuditRule ClaimOnce = new("claimOnce", "a claim is answered the same every time, stands, and is reported once", Eventual: true);
    public static readonly AuditRule CancelStands = new("cancelStands", "an acknowledged cancellation stands");
    public static readonly AuditRule CommitmentKept = new("commitmentKept", "the commitment never changes, and SHA-256(seed) is it");
    public static readonly AuditRule SeedAtTheEnd = new("seedAtTheEnd", "the seed is shown when the bargain has ended and not before");
    public static readonly AuditRule DrawsRecompute = new("drawsRecompute", "every draw is the HMAC of seed, bargain, number and helper, and gives the amount");
    public static readonly AuditRule StockConserved = new("stockConserved", "free + held + sold = total, and held and sold are what the bargains or teams say", Eventual: true);
    public static readonly AuditRule NewOnce = new("newOnce", "a shopper is new at one act at most, and never when declared existing");
    public static readonly AuditRule StatsAgree = new("statsAgree", "the campaign's funnel counts what the feed reports", Eventual: true);
    public static readonly AuditRule SeatStands = new("seatStands", "an acknowledged seat is there");
    public static readonly AuditRule SeatsFit = new("seatsFit", "held + paid <= size, and the counts are those of the seats");
    public static readonly AuditRule SeatOnce = new("seatOnce", "one seat per shopper and team");
    public static readonly AuditRule UnitLimit = new("unitLimit", "a shopper gets no more units than the campaign allows", Eventual: true);
    public static readonly AuditRule PaymentSettled = new("paymentSettled", "a payment ends confirmed or refunded", Eventual: true);
    public static readonly AuditRule PaidOnce = new("paidOnce", "a seat's payment is reported once");
    public static readonly AuditRule RefundOnce = new("refundOnce", "a refund that the shop confirmed stands, and is reported once", Eventual: true);
    public static readonly AuditRule TeamEndsOnce = new("teamEndsOnce", "an ended team has one end event, an open one none", Eventual: true);
    public static readonly AuditRule FormedIsFinal = new("formedIsFinal", "a formed team is full, confirmed, and never fails");
    public static readonly AuditRule InPlay = new("inPlay", "no answer during the play broke a rule (the rule is named with it)");
    public static readonly AuditRule NoFault = new("noFault", "no request was answered with a fault of the engine itself (500)");

    public static readonly AuditRule Readable = new("readable", "everything that was asked for the audit was answered");

    public static IReadOnlyList<AuditRule> All { get; } =
    [
        StartStands, StartKnown, OneOpenBargain, CutStands, SameReceipt, CutKnown, CutOnce, CutsNumbered, SumOfCuts, FloorHolds, PriceChain,
        HeadcountExact, AmountsInRange, OwnerNeverHelps, OncePerOwnerAndProduct, DailyLimit, MeAgrees, DeadlineHolds, EndsInTime, StatusFits,
        EndsOnce, EventIdsUnique, VersionsContiguous, CutsInFeed, ClaimOnce, CancelStands, CommitmentKept, SeedAtTheEnd, DrawsRecompute,
        StockConserved, NewOnce, StatsAgree, SeatStands, SeatsFit, SeatOnce, UnitLimit, PaymentSettled, PaidOnce, RefundOnce, TeamEndsOnce,
        FormedIsFinal, InPlay, NoFault, Readable,
    ];
}
