using System.Collections.Frozen;
using System.Text.Json;

namespace SocialCommerce.Api;

/// <summary>One kind of refusal or fault, as RFC 9457 tells it.</summary>
/// <param name="Code">The name that rules.md gives it; never changes.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Detail">What the caller can do about it, unless the occurrence knows better.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>For how many seconds to stay away; null says nothing.</summary>
    public int? RetryAfterSeconds { get; init; }

    public string Type => "urn:social-commerce:problem:" + Code;
}

/// <summary>The only table from code to status. Whoever adds a refusal to a contract adds a line here; a test finds the ones that are missing.</summary>
internal static class Problems
{
    private static readonly Problem[] Rows =
    [
        // The form of the request
        new(400, "malformed", "Malformed request", "See errors: it names every field at fault."),
        new(400, "invalidCampaign", "The campaign's settings have faults", "See errors: it names every setting at fault."),
        new(401, "unauthenticated", "No valid credentials", "Send an API key in X-Api-Key, or a token in Authorization: Bearer."),
        new(403, "forbidden", "Not allowed to this caller", "The credentials are good but lack the scope for this."),
        new(404, "notFound", "Nothing is here", "No resource has this address; see /docs."),
        new(405, "methodNotAllowed", "Method not allowed", "See the Allow header for the methods of this address."),
        new(408, "requestTimeout", "The request took too long to arrive", "Send it again."),
        new(413, "bodyTooLarge", "The body is too large", "A body has at most 64 KiB."),
        new(414, "addressTooLong", "The address is too long", "No address of this API is that long."),
        new(415, "notJson", "The body is not JSON", "Send Content-Type: application/json, encoded as UTF-8."),
        new(422, "idempotencyKeyReused", "The idempotency key was used with another content", "Nothing happened. Take a new key for a new request."),
        new(429, "rateLimited", "Too many requests", "Wait as long as Retry-After says.") { RetryAfterSeconds = 1 },
        new(431, "headersTooLarge", "The headers are too large", "All headers together have at most 16 KiB and 64 entries."),

        // Who may
        new(403, "notTheOwner", "Only the owner may", "The bargain belongs to another shopper."),
        new(403, "notYourSeat", "Only its member may", "The seat belongs to another shopper."),

        // Not there
        new(404, "campaignNotFound", "No such campaign", "No campaign has this id."),
        new(404, "bargainNotFound", "No such bargain", "No bargain has this id."),
        new(404, "teamNotFound", "No such team", "No team has this id."),
        new(404, "seatNotFound", "No such seat", "The team has no seat with this id."),
        new(404, "purchaseNotFound", "No such purchase", "No purchase has this id."),

        // Over
        new(410, "bargainExpired", "The bargain has expired", "Its time is over and the price was not at the floor."),
        new(410, "bargainCancelled", "The bargain was cancelled", "Its owner or the shop ended it."),
        new(410, "teamFailed", "The team has failed", "It was not complete in time, or was cancelled; what was paid goes back."),

        // Refused by the rules or the state: campaigns
        new(409, "kindIsFixed", "Kind and currency are fixed", "A published campaign keeps its kind and its currency, and is no draft any more."),
        new(409, "stockBelowCommitted", "Stock can't go below what is held and sold", "Lower it to no less than held and sold together."),
        new(409, "campaignNotPublished", "The campaign is not published", "Only a published campaign can be paused or resumed."),
        new(409, "notABargainCampaign", "Not a bargain campaign", "Bargains are started in campaigns of the kind bargain."),
        new(409, "notAGroupBuyCampaign", "Not a group-buy campaign", "Teams and purchases belong to campaigns of the kind groupBuy."),
        new(409, "campaignClosed", "The campaign is closed", "It takes no new starts, for good."),
        new(409, "campaignEnded", "The campaign has ended", "Its time is over; what runs goes on to its own end."),
        new(409, "campaignNotStarted", "The campaign has not started", "Come back at its startsAt."),
        new(409, "campaignPaused", "The campaign is paused", "It may go on later."),
        new(409, "startLimitReached", "No more starts for this shopper", "The shopper has started as often as the campaign allows."),
        new(409, "soldOut", "Sold out", "No unit of stock is free."),

        // Bargains
        new(409, "ownBargain", "One's own bargain", "A cut is a friend's help; share the bargain."),
        new(409, "bargainWon", "The bargain is won", "The price is at the floor already."),
        new(409, "bargainSoldOut", "The bargain ended sold out", "No unit was left when the price reached the floor."),
        new(409, "bargainLapsed", "The bargain has lapsed", "It was won but not claimed in time."),
        new(409, "bargainClaimed", "The bargain is claimed", "It was claimed already."),
        new(409, "bargainNotWon", "The bargain is not won", "The price is not at the floor, and it is not sold before that."),
        new(409, "helpedOwnerOnProductBefore", "Helped before", "The shopper has helped this owner on this product before."),
        new(409, "dailyHelpLimitReached", "No more helps today", "The shopper has used all helps of the day; see limit and resetsAt."),

        // Teams, seats and purchases
        new(409, "teamFormed", "The team has formed", "It is complete."),
        new(409, "teamFull", "The team is full", "Every seat is held or paid; see openTeams for others."),
        new(409, "notInvited", "By invitation only", "Joining takes a share link of a member."),
        new(409, "newShoppersOnly", "For new shoppers only", "Only shoppers that are new to the shop may join."),
        new(409, "unitLimitReached", "No more units for this shopper", "The shopper has as many units as the campaign allows; see limit."),
        new(409, "amountMismatch", "Another amount than the price", "The amount must be the price; see expectedFen."),
        new(409, "alreadyPaid", "Paid already", "Another payment has paid it."),
        new(409, "paymentIdReused", "The payment id was used before", "It belongs to another seat or another amount."),
        new(409, "seatEnded", "The seat is over", "It was released, left or refunded."),
        new(409, "noRefundDue", "No refund is due", "No refund of it is open: none was requested, or it is confirmed already."),

        // A newer silo may know a refusal that this edge does not.
        new(409, "refused", "Refused", "The rules or the state do not allow it."),

        // Not the caller's fault
        new(500, "internalError", "Something went wrong here", "It was logged. Repeat with the same key: what was done is not done again."),
        new(503, "overloaded", "Too busy", "Nothing happened. Repeat with the same key a little later.") { RetryAfterSeconds = 1 },
        new(503, "storeUnavailable", "The store is away", "Nothing happened, or unknown: repeat with the same key.") { RetryAfterSeconds = 2 },
        new(503, "unavailable", "No answer in time", "Nothing happened, or unknown: repeat with the same key.") { RetryAfterSeconds = 2 },
        new(503, "notReady", "Not ready", "The process is starting or stopping.") { RetryAfterSeconds = 1 },
    ];

    private static readonly FrozenDictionary<string, Problem> ByCode = Rows.ToFrozenDictionary(row => row.Code, StringComparer.Ordinal);

    public static readonly Problem Malformed = ByCode["malformed"];
    public static readonly Problem InvalidCampaign = ByCode["invalidCampaign"];
    public static readonly Problem Unauthenticated = ByCode["unauthenticated"];
    public static readonly Problem Forbidden = ByCode["forbidden"];
    public static readonly Problem NotFound = ByCode["notFound"];
    public static readonly Problem MethodNotAllowed = ByCode["methodNotAllowed"];
    public static readonly Problem BodyTooLarge = ByCode["bodyTooLarge"];
    public static readonly Problem NotJson = ByCode["notJson"];
    public static readonly Problem KeyReused = ByCode["idempotencyKeyReused"];
    public static readonly Problem RateLimited = ByCode["rateLimited"];
    public static readonly Problem HeadersTooLarge = ByCode["headersTooLarge"];
    public static readonly Problem CampaignNotFound = ByCode["campaignNotFound"];
    public static readonly Problem BargainNotFound = ByCode["bargainNotFound"];
    public static readonly Problem TeamNotFound = ByCode["teamNotFound"];
    public static readonly Problem PurchaseNotFound = ByCode["purchaseNotFound"];
    public static readonly Problem Refused = ByCode["refused"];
    public static readonly Problem InternalError = ByCode["internalError"];
    public static readonly Problem Overloaded = ByCode["overloaded"];
    public static readonly Problem StoreUnavailable = ByCode["storeUnavailable"];
    public static readonly Problem Unavailable = ByCode["unavailable"];
    public static readonly Problem NotReady = ByCode["notReady"];

    public static IReadOnlyList<Problem> All => Rows;

    /// <summary>The problem of a refusal that a grain named by its text.</summary>
    public static Problem Of(string refusal) => ByCode.GetValueOrDefault(refusal) ?? Refused;

    /// <summary>The problem of a contract's refusal.</summary>
    public static Problem Of<TRefusal>(TRefusal refusal)
        where TRefusal : struct, Enum
        => ByRefusal<TRefusal>.Problems.GetValueOrDefault(refusal) ?? Refused;

    /// <summary>Every problem that a contract's refusals lead to, in their order.</summary>
    public static IEnumerable<Problem> AllOf<TRefusal>()
        where TRefusal : struct, Enum
        => Enum.GetValues<TRefusal>().Where(refusal => !refusal.Equals(default(TRefusal))).Select(Of);

    /// <summary>The problem of a bare status that the server or the routing gave.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        404 => NotFound,
        >= 400 and < 500 => Array.Find(Rows, row => row.Status == status) ?? Malformed with { Status = status, Title = "Bad request", Detail = "The server could not read the request." },
        503 => Unavailable,
        _ => InternalError,
    };

    public static string CodeOf<TRefusal>(TRefusal refusal)
        where TRefusal : struct, Enum
        => JsonNamingPolicy.CamelCase.ConvertName(refusal.ToString());

    private static class ByRefusal<TRefusal>
        where TRefusal : struct, Enum
    {
        public static readonly FrozenDictionary<TRefusal, Problem> Problems = Enum.GetValues<TRefusal>()
            .Where(refusal => ByCode.ContainsKey(CodeOf(refusal)))
            .ToFrozenDictionary(refusal => refusal, refusal => ByCode[CodeOf(refusal)]);
    }
}
