using CampaignDecision = SocialCommerce.Rules.Decision<SocialCommerce.Rules.CampaignEvent, SocialCommerce.Rules.CampaignRefusal>;

namespace SocialCommerce.Rules;

/// <summary>Why a campaign command is refused, in order of precedence. The numbers are those of the published contract.</summary>
public enum CampaignRefusal
{
    None = 0,
    CampaignNotFound = 1,
    CampaignClosed = 2,
    InvalidCampaign = 3,
    KindIsFixed = 4,
    StockBelowCommitted = 5,
    CampaignNotPublished = 6,
}

/// <summary>Why something can't be started in a campaign, in order of precedence; the first of both start enums of the contract.</summary>
public enum EntryRefusal
{
    None = 0,
    CampaignNotFound = 1,
    WrongKind = 2,
    CampaignClosed = 3,
    CampaignEnded = 4,
    CampaignNotStarted = 5,
    CampaignPaused = 6,
}

/// <summary>The campaign part of rules.md.</summary>
public static class CampaignRules
{
    /// <summary>Publishes checked terms as a new version. The same terms again decide nothing.</summary>
    public static CampaignDecision Publish(CampaignState campaign, CampaignTerms terms, StockState stock, bool draft, DateTimeOffset now)
    {
        if (campaign.Status == CampaignStatus.Closed) return CampaignRefusal.CampaignClosed;
        var published = campaign.Status is CampaignStatus.Published or CampaignStatus.Paused;
        // What was published can't become a draft again: shoppers may hold bargains of it.
        if (published && draft) return CampaignRefusal.KindIsFixed;
        if (published && (campaign.Terms.Kind != terms.Kind || campaign.Terms.Currency != terms.Currency)) return CampaignRefusal.KindIsFixed;
        // The same terms again are the same version: what a campaign says is its own idempotency key.
        if (campaign.Exists && published != draft && campaign.Terms.SaysTheSameAs(terms)) return CampaignDecision.Nothing;
        if (!stock.CanSet(terms.Stock)) return CampaignRefusal.StockBelowCommitted;

        // From here it must succeed.
        var version = campaign.DefinitionVersion + 1;
        return CampaignDecision.Of(draft
            ? new CampaignDrafted { At = now, DefinitionVersion = version, Terms = terms }
            : new CampaignPublished { At = now, DefinitionVersion = version, Terms = terms });
    }

    public static CampaignDecision Pause(CampaignState campaign, DateTimeOffset now) => campaign.Status switch
    {
        CampaignStatus.None => CampaignRefusal.CampaignNotFound,
        CampaignStatus.Closed => CampaignRefusal.CampaignClosed,
        CampaignStatus.Draft => CampaignRefusal.CampaignNotPublished,
        CampaignStatus.Paused => CampaignDecision.Nothing,
        _ => CampaignDecision.Of(new CampaignPaused { At = now }),
    };

    public static CampaignDecision Resume(CampaignState campaign, DateTimeOffset now) => campaign.Status switch
    {
        CampaignStatus.None => CampaignRefusal.CampaignNotFound,
        CampaignStatus.Closed => CampaignRefusal.CampaignClosed,
        CampaignStatus.Draft => CampaignRefusal.CampaignNotPublished,
        CampaignStatus.Published => CampaignDecision.Nothing,
        _ => CampaignDecision.Of(new CampaignResumed { At = now }),
    };

    public static CampaignDecision Close(CampaignState campaign, DateTimeOffset now) => campaign.Status switch
    {
        CampaignStatus.None => CampaignRefusal.CampaignNotFound,
        CampaignStatus.Closed => CampaignDecision.Nothing,
        _ => CampaignDecision.Of(new CampaignClosed { At = now }),
    };

    /// <summary>Whether something new may start in the campaign now.</summary>
    public static EntryRefusal MayEnter(CampaignState campaign, CampaignKind kind, DateTimeOffset now)
    {
        if (!campaign.Exists || campaign.Status == CampaignStatus.Draft) return EntryRefusal.CampaignNotFound;
        if (campaign.Terms.Kind != kind) return EntryRefusal.WrongKind;
        if (campaign.Status == CampaignStatus.Closed) return EntryRefusal.CampaignClosed;
        if (now >= campaign.Terms.EndsAt) return EntryRefusal.CampaignEnded;
        if (now < campaign.Terms.StartsAt) return EntryRefusal.CampaignNotStarted;
        if (campaign.Status == CampaignStatus.Paused) return EntryRefusal.CampaignPaused;
        return EntryRefusal.None;
    }
}
