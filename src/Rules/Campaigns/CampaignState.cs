namespace SocialCommerce.Rules;

/// <summary>Where a campaign stands; the numbers are those of the published contract.</summary>
public enum CampaignStatus
{
    None = 0,
    Draft = 1,
    Published = 2,
    Paused = 3,
    Closed = 4,
}

/// <summary>What happened to a campaign.</summary>
public abstract record CampaignEvent
{
    public string CampaignId { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

/// <summary>A definition was kept as a draft.</summary>
public sealed record CampaignDrafted : CampaignEvent
{
    public int DefinitionVersion { get; init; }
    public required CampaignTerms Terms { get; init; }
}

/// <summary>A definition was published, the first or a new version.</summary>
public sealed record CampaignPublished : CampaignEvent
{
    public int DefinitionVersion { get; init; }
    public required CampaignTerms Terms { get; init; }
}

public sealed record CampaignPaused : CampaignEvent;

public sealed record CampaignResumed : CampaignEvent;

public sealed record CampaignClosed : CampaignEvent;

/// <summary>A campaign, folded from its events.</summary>
public sealed record CampaignState
{
    public static readonly CampaignState None = new();

    public CampaignStatus Status { get; init; }
    public CampaignTerms? TermsOrNull { get; init; }
    public int DefinitionVersion { get; init; }
    public int Version { get; init; }

    public bool Exists => Status != CampaignStatus.None;
    public CampaignTerms Terms => TermsOrNull ?? throw new InvalidOperationException("A campaign that does not exist has no terms.");

    public static CampaignState Evolve(CampaignState state, CampaignEvent happened)
    {
        var next = happened switch
        {
            CampaignDrafted drafted => state with { Status = CampaignStatus.Draft, TermsOrNull = drafted.Terms, DefinitionVersion = drafted.DefinitionVersion },
            CampaignPublished published => state with
            {
                Status = state.Status == CampaignStatus.Paused ? CampaignStatus.Paused : CampaignStatus.Published,
                TermsOrNull = published.Terms,
                DefinitionVersion = published.DefinitionVersion,
            },
            CampaignPaused => state with { Status = CampaignStatus.Paused },
            CampaignResumed => state with { Status = CampaignStatus.Published },
            CampaignClosed => state with { Status = CampaignStatus.Closed },
            _ => throw new InvalidOperationException($"A campaign can't evolve by {happened.GetType().Name}."),
        };
        return next with { Version = state.Version + 1 };
    }
}
