using System.Text.Json;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Properties;

public sealed class CampaignProperties : FiveProperties<CampaignState, CampaignEvent>
{
    // What bargains and teams hold and have sold while the campaign is edited.
    private static readonly StockState Stock = new() { Total = 10, Held = 3, Sold = 2 };

    private sealed record Publish(CampaignTerms Terms, bool Draft);

    private enum Switch
    {
        Pause,
        Resume,
        Close,
    }

    protected override CampaignState None => CampaignState.None;

    protected override IReadOnlyCollection<string> StatusesToReach => ["None", "Draft", "Published", "Paused", "Closed"];

    protected override CampaignState Evolve(CampaignState state, CampaignEvent happened) => CampaignState.Evolve(state, happened);

    protected override object CommandOf(CampaignState state, Step step, DateTimeOffset now) => step.Kind switch
    {
        < 60 => new Publish(Checked(DraftOf(step), state.DefinitionVersion + 1), step.Who == 0),
        < 78 => Switch.Pause,
        < 97 => Switch.Resume,
        _ => Switch.Close,
    };

    protected override Answer Decide(CampaignState state, object command, DateTimeOffset now) => Answer.Of(command switch
    {
        Publish publish => CampaignRules.Publish(state, publish.Terms, Stock, publish.Draft, now),
        Switch.Pause => CampaignRules.Pause(state, now),
        Switch.Resume => CampaignRules.Resume(state, now),
        _ => CampaignRules.Close(state, now),
    });

    protected override bool IsRepeatableForEver(object command) => command is Switch.Close;

    protected override void CheckFold(CampaignState before, CampaignEvent happened, CampaignState after)
    {
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(before.DefinitionVersion + (happened is CampaignPublished or CampaignDrafted ? 1 : 0), after.DefinitionVersion);
        Assert.NotEqual(after.Terms.Bargain is null, after.Terms.GroupBuy is null);
        Assert.Equal(after.DefinitionVersion, after.Terms.Bargain?.DefinitionVersion ?? after.Terms.GroupBuy!.DefinitionVersion);
        if (before.Status is not (CampaignStatus.Published or CampaignStatus.Paused)) return;
        Assert.Equal((before.Terms.Kind, before.Terms.Currency), (after.Terms.Kind, after.Terms.Currency));
        Assert.NotEqual(CampaignStatus.Draft, after.Status);
    }

    protected override void CheckDecision(CampaignState before, object command, CampaignState after, DateTimeOffset now)
    {
        if (!after.Exists) return;
        Assert.True(Stock.CanSet(after.Terms.Stock));
        foreach (var kind in new[] { CampaignKind.Bargain, CampaignKind.GroupBuy })
        {
            var enters = CampaignRules.MayEnter(after, kind, now) == EntryRefusal.None;
            Assert.Equal(after.Status == CampaignStatus.Published && after.Terms.Kind == kind && now >= after.Terms.StartsAt && now < after.Terms.EndsAt, enters);
        }
    }

    protected override string? EndOf(CampaignState state) => state.Status == CampaignStatus.Closed ? Describe(state) : null;

    protected override string StatusOf(CampaignState state) => state.Status.ToString();

    protected override string Describe(CampaignState state) => JsonSerializer.Serialize(new { state.Status, state.TermsOrNull, state.DefinitionVersion, state.Version });

    private static CampaignDraft DraftOf(Step step) => (step.What % 4 == 0 ? GroupBuyDraft() : BargainDraft()) with
    {
        Stock = 3 + step.What % 5,
        Currency = step.What % 9 == 0 ? "USD" : "CNY",
        EndsAt = Noon.AddSeconds(1 + step.What % 600),
    };
}
