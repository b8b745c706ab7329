using System.Text.Json;

namespace SocialCommerce.Rehearsal.Http;

// The shapes of the HTTP contract, as far as the rehearsal reads them. What an answer lacks stays at its initializer, so that the
// audit can name what is missing instead of the reader falling over.

internal sealed record BargainReply
{
    public string BargainId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string OwnerId { get; init; } = "";
    public string Status { get; init; } = "";
    public long StartPriceFen { get; init; }
    public long FloorPriceFen { get; init; }
    public long PriceFen { get; init; }
    public long RemainingFen { get; init; }
    public int CutCount { get; init; }
    public CutsNeeded? CutsNeeded { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? ClaimId { get; init; }
    public long Version { get; init; }
    public Commitment? Fairness { get; init; }
}

internal sealed record CutsNeeded
{
    public int Least { get; init; }
    public int Most { get; init; }
}

internal sealed record Commitment
{
    /// <summary>SHA-256 of the bargain's seed, hex; the fairness answer itself has it under the same name.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("commitment")]
    public string Hash { get; init; } = "";
}

internal sealed record CutReply
{
    public string BargainId { get; init; } = "";
    public string HelperId { get; init; } = "";
    public int CutNumber { get; init; }
    public long CutFen { get; init; }
    public long PriceFen { get; init; }
    public long RemainingFen { get; init; }
    public bool NewShopper { get; init; }
    public int Depth { get; init; }
    public DateTimeOffset At { get; init; }
    public string BargainStatus { get; init; } = "";
    public HelpsToday? HelpsToday { get; init; }
}

internal sealed record HelpsToday
{
    public int Used { get; init; }
    public int Limit { get; init; }
    public DateTimeOffset ResetsAt { get; init; }
}

internal sealed record ClaimReply
{
    public string ClaimId { get; init; } = "";
    public string BargainId { get; init; } = "";
    public long PriceFen { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed record ShareReply
{
    public string Token { get; init; } = "";
    public string Url { get; init; } = "";
}

internal sealed record MeReply
{
    public HelpsToday? HelpsToday { get; init; }
}

internal sealed record FairnessReply
{
    public string BargainId { get; init; } = "";
    public string Commitment { get; init; } = "";
    public string? Seed { get; init; }
    public JsonElement Policy { get; init; }
    public IReadOnlyList<DrawReply> Draws { get; init; } = [];
}

internal sealed record DrawReply
{
    public int CutNumber { get; init; }
    public string HelperId { get; init; } = "";
    public string Draw { get; init; } = "";
    public long CutFen { get; init; }
}

internal sealed record EventReply
{
    public string Id { get; init; } = "";
    public string Type { get; init; } = "";
    public DateTimeOffset OccurredAt { get; init; }
    public string CampaignId { get; init; } = "";
    public string SubjectId { get; init; } = "";
    public long Version { get; init; }
    public JsonElement Data { get; init; }

    /// <summary>A text member of the event's own data, or null.</summary>
    public string? Text(string name) =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

internal sealed record CampaignReply
{
    public string CampaignId { get; init; } = "";
    public string Status { get; init; } = "";
    public StockReply? Stock { get; init; }
    public StockReply? Inventory { get; init; }

    /// <summary>The four figures, wherever the campaign shows them: <c>stock</c> is also the name of the setting.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public StockReply? Figures => Inventory ?? Stock;
}

/// <summary>The stock of a campaign; what one shopper holds is <c>held</c>, what is theirs for good <c>sold</c>.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(StockReplyConverter))]
internal sealed record StockReply(long Total, long Held, long Sold, long Free);

internal sealed record TeamReply
{
    public string TeamId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string LeaderId { get; init; } = "";
    public string Status { get; init; } = "";
    public int Size { get; init; }
    public int Paid { get; init; }
    public int Held { get; init; }
    public int Free { get; init; }
    public long PriceFen { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public IReadOnlyList<SeatReply> Seats { get; init; } = [];
    public long Version { get; init; }
}

internal sealed record SeatReply
{
    public string SeatId { get; init; } = "";
    public string TeamId { get; init; } = "";
    public string ShopperId { get; init; } = "";
    public string Status { get; init; } = "";
    public long PriceFen { get; init; }
    public DateTimeOffset? HoldExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public RefundReply? Refund { get; init; }
}

internal sealed record RefundReply
{
    public string Reason { get; init; } = "";
    public DateTimeOffset? RequestedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
}

internal sealed record PurchaseReply
{
    public string PurchaseId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string ShopperId { get; init; } = "";
    public string Status { get; init; } = "";
    public long PriceFen { get; init; }
    public DateTimeOffset? HoldExpiresAt { get; init; }
}

internal sealed record Page<T>
{
    public IReadOnlyList<T> Items { get; init; } = [];
    public string? Next { get; init; }
}
