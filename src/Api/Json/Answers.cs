using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SocialCommerce.Api;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What it lists.</typeparam>
internal sealed record ListAnswer<T>
{
    public ImmutableArray<T> Items { get; init; } = [];

    /// <summary>The cursor to read on with; missing at the end (but the feed always gives it).</summary>
    public string? Next { get; init; }
}

/// <summary>An event of the feed.</summary>
internal sealed record EventAnswer
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
    public string CampaignId { get; init; } = "";
    public string SubjectId { get; init; } = "";
    public int Version { get; init; }

    [JsonConverter(typeof(RawJsonConverter))]
    public string Data { get; init; } = "{}";

    public static EventAnswer Of(PublicEvent happened) => new()
    {
        Id = happened.Id,
        Type = happened.Type,
        OccurredAt = happened.OccurredAt,
        CampaignId = happened.CampaignId,
        SubjectId = happened.SubjectId,
        Version = happened.Version,
        Data = happened.Data,
    };
}

/// <summary>A team with the caller's own seat.</summary>
internal sealed record TeamAnswer
{
    public required string TeamId { get; init; }
    public required string CampaignId { get; init; }
    public required string LeaderId { get; init; }
    public TeamStatus Status { get; init; }
    public int Size { get; init; }
    public int Paid { get; init; }
    public int Held { get; init; }
    public int Free { get; init; }
    public long PriceFen { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public ImmutableArray<SeatView> Seats { get; init; } = [];
    public int Version { get; init; }
    public Product Product { get; init; } = new();
    public string Currency { get; init; } = "";
    public int? GoesAheadWith { get; init; }
    public JoinPolicy Join { get; init; }
    public ImmutableArray<Tier> Tiers { get; init; } = [];

    /// <summary>The caller's own.</summary>
    public SeatView? Seat { get; init; }

    public static TeamAnswer Of(TeamView team, SeatView? seat) => new()
    {
        TeamId = team.TeamId,
        CampaignId = team.CampaignId,
        LeaderId = team.LeaderId,
        Status = team.Status,
        Size = team.Size,
        Paid = team.Paid,
        Held = team.Held,
        Free = team.Free,
        PriceFen = team.PriceFen,
        OpenedAt = team.OpenedAt,
        ExpiresAt = team.ExpiresAt,
        EndedAt = team.EndedAt,
        Seats = team.Seats,
        Version = team.Version,
        Product = team.Product,
        Currency = team.Currency,
        GoesAheadWith = team.GoesAheadWith,
        Join = team.Join,
        Tiers = team.Tiers,
        Seat = seat,
    };
}

/// <summary>A share link.</summary>
/// <param name="Token">Signed; send it as <c>via</c>.</param>
/// <param name="Url">The page of what is shared, with the token in it.</param>
internal sealed record ShareAnswer(string Token, string Url);

/// <summary>What the shop has declared of a shopper.</summary>
internal sealed record ShopperAnswer(string ShopperId, bool Existing);

/// <summary>Whether the process lives, or can serve.</summary>
internal sealed record HealthAnswer(string Status);

/// <summary>How every problem looks; members that do not apply are missing.</summary>
internal sealed record ProblemShape
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>The name of the refusal or fault, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>Field by field, what is wrong with the request.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
    public int? Limit { get; init; }
    public DateTimeOffset? ResetsAt { get; init; }
    public long? ExpectedFen { get; init; }
    public ImmutableArray<OpenTeamView>? OpenTeams { get; init; }
    public string? TraceId { get; init; }
}
