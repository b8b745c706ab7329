using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Campaigns;

public sealed class CampaignTests
{
    private static readonly CampaignTerms Terms = Checked(BargainDraft());
    private static readonly CampaignState Draft = CampaignState.None.With([new CampaignDrafted { DefinitionVersion = 1, Terms = Terms }]);
    private static readonly CampaignState Published = CampaignState.None.With([new CampaignPublished { DefinitionVersion = 1, Terms = Terms }]);
    private static readonly CampaignState Paused = Published.With([new CampaignPaused()]);
    private static readonly CampaignState Closed = Published.With([new CampaignClosed()]);

    [Fact]
    public void Publishing_makes_version_1_and_an_edit_the_next()
    {
        var first = Publish(CampaignState.None, Terms);
        var campaign = CampaignState.None.With([first]);
        var second = Publish(campaign, Terms with { Stock = 11 });
        Assert.Equal((1, 2), (first.DefinitionVersion, second.DefinitionVersion));
        Assert.Equal(11, campaign.With([second]).Terms.Stock);
        Assert.Equal(CampaignStatus.Published, campaign.With([second]).Status);
    }

    [Fact]
    public void Publishing_the_same_again_decides_nothing()
    {
        // The next version's number is no difference, and equal tiers in another array are none either.
        Assert.True(CampaignRules.Publish(Published, Checked(BargainDraft(), version: 2), StockState.None, draft: false, Noon).IsRepeat);
        Assert.True(CampaignRules.Publish(Paused, Terms, StockState.None, draft: false, Noon).IsRepeat);
        Assert.True(CampaignRules.Publish(Draft, Terms, StockState.None, draft: true, Noon).IsRepeat);
        var tiered = GroupBuyDraft() with { TeamSize = null, TeamPriceFen = null, Tiers = TiersOf((2, 8_000), (5, 6_000)) };
        var groupBuy = CampaignState.None.With([new CampaignPublished { DefinitionVersion = 1, Terms = Checked(tiered) }]);
        var again = Checked(tiered with { Tiers = TiersOf((2, 8_000), (5, 6_000)) }, version: 2);
        Assert.True(CampaignRules.Publish(groupBuy, again, StockState.None, draft: false, Noon).IsRepeat);
        var other = Checked(tiered with { Tiers = TiersOf((2, 8_000), (5, 6_001)) }, version: 2);
        Folding.Accepted(CampaignRules.Publish(groupBuy, other, StockState.None, draft: false, Noon));
    }

    [Fact]
    public void A_draft_is_published_as_it_stands() => Assert.Equal(2, Publish(Draft, Terms).DefinitionVersion);

    [Fact]
    public void A_draft_may_change_even_its_kind()
    {
        var events = Folding.Accepted(CampaignRules.Publish(Draft, Checked(GroupBuyDraft()), StockState.None, draft: true, Noon));
        Assert.IsType<CampaignDrafted>(Assert.Single(events));
        Assert.Equal((CampaignStatus.Draft, CampaignKind.GroupBuy), (Draft.With(events).Status, Draft.With(events).Terms.Kind));
    }

    [Fact]
    public void What_is_published_keeps_its_kind_and_currency_and_is_no_draft_again()
    {
        Folding.Refused(CampaignRefusal.KindIsFixed, CampaignRules.Publish(Published, Checked(GroupBuyDraft()), StockState.None, false, Noon));
        Folding.Refused(CampaignRefusal.KindIsFixed, CampaignRules.Publish(Paused, Checked(BargainDraft() with { Currency = "USD" }), StockState.None, false, Noon));
        Folding.Refused(CampaignRefusal.KindIsFixed, CampaignRules.Publish(Published, Terms, StockState.None, true, Noon));
    }

    [Fact]
    public void The_stock_may_fall_to_what_is_held_and_sold_and_no_lower()
    {
        var stock = new StockState { Total = 10, Held = 4, Sold = 2 };
        Publish(Published, Terms with { Stock = 6 }, stock);
        Folding.Refused(CampaignRefusal.StockBelowCommitted, CampaignRules.Publish(Published, Terms with { Stock = 5 }, stock, false, Noon));
    }

    [Fact]
    public void Of_two_reasons_to_refuse_a_definition_the_earlier_is_told()
    {
        var stock = new StockState { Total = 10, Held = 9 };
        Folding.Refused(CampaignRefusal.CampaignClosed, CampaignRules.Publish(Closed, Checked(GroupBuyDraft()) with { Stock = 1 }, stock, true, Noon));
        Folding.Refused(CampaignRefusal.KindIsFixed, CampaignRules.Publish(Published, Checked(GroupBuyDraft()) with { Stock = 1 }, stock, false, Noon));
    }

    [Fact]
    public void A_new_version_does_not_end_a_pause() =>
        Assert.Equal(CampaignStatus.Paused, Paused.With([Publish(Paused, Terms with { Stock = 11 })]).Status);

    [Fact]
    public void A_campaign_is_paused_and_resumed()
    {
        var paused = Published.With(Folding.Accepted(CampaignRules.Pause(Published, Noon)));
        Assert.Equal(CampaignStatus.Paused, paused.Status);
        Assert.Equal(CampaignStatus.Published, paused.With(Folding.Accepted(CampaignRules.Resume(paused, Noon))).Status);
        Assert.Equal(CampaignStatus.Closed, paused.With(Folding.Accepted(CampaignRules.Close(paused, Noon))).Status);
        Assert.Equal(CampaignStatus.Closed, Published.With(Folding.Accepted(CampaignRules.Close(Published, Noon))).Status);
        Assert.Equal(CampaignStatus.Closed, Draft.With(Folding.Accepted(CampaignRules.Close(Draft, Noon))).Status);
    }

    [Fact]
    public void What_is_so_already_is_not_decided_again()
    {
        Assert.True(CampaignRules.Pause(Paused, Noon).IsRepeat);
        Assert.True(CampaignRules.Resume(Published, Noon).IsRepeat);
        Assert.True(CampaignRules.Close(Closed, Noon).IsRepeat);
    }

    [Fact]
    public void What_is_not_published_or_is_closed_is_neither_paused_nor_resumed()
    {
        Folding.Refused(CampaignRefusal.CampaignNotFound, CampaignRules.Pause(CampaignState.None, Noon));
        Folding.Refused(CampaignRefusal.CampaignNotFound, CampaignRules.Resume(CampaignState.None, Noon));
        Folding.Refused(CampaignRefusal.CampaignNotFound, CampaignRules.Close(CampaignState.None, Noon));
        Folding.Refused(CampaignRefusal.CampaignNotPublished, CampaignRules.Pause(Draft, Noon));
        Folding.Refused(CampaignRefusal.CampaignNotPublished, CampaignRules.Resume(Draft, Noon));
        Folding.Refused(CampaignRefusal.CampaignClosed, CampaignRules.Pause(Closed, Noon));
        Folding.Refused(CampaignRefusal.CampaignClosed, CampaignRules.Resume(Closed, Noon));
    }

    [Fact]
    public void A_campaign_is_entered_from_its_start_to_just_before_its_end()
    {
        Assert.Equal(EntryRefusal.None, Enter(Published, Noon));
        Assert.Equal(EntryRefusal.CampaignNotStarted, Enter(Published, Noon - Tick));
        Assert.Equal(EntryRefusal.None, Enter(Published, Noon.AddDays(7) - Tick));
        Assert.Equal(EntryRefusal.CampaignEnded, Enter(Published, Noon.AddDays(7)));
    }

    [Fact]
    public void Of_two_reasons_to_refuse_an_entry_the_earlier_is_told()
    {
        Assert.Equal(EntryRefusal.CampaignNotFound, Enter(CampaignState.None, Noon));
        Assert.Equal(EntryRefusal.CampaignNotFound, CampaignRules.MayEnter(Draft, CampaignKind.GroupBuy, Noon.AddDays(7)));
        Assert.Equal(EntryRefusal.WrongKind, CampaignRules.MayEnter(Closed, CampaignKind.GroupBuy, Noon.AddDays(7)));
        Assert.Equal(EntryRefusal.CampaignClosed, Enter(Closed, Noon.AddDays(7)));
        Assert.Equal(EntryRefusal.CampaignEnded, Enter(Paused, Noon.AddDays(7)));
        Assert.Equal(EntryRefusal.CampaignNotStarted, Enter(Paused, Noon - Tick));
        Assert.Equal(EntryRefusal.CampaignPaused, Enter(Paused, Noon));
    }

    private static EntryRefusal Enter(CampaignState campaign, DateTimeOffset now) => CampaignRules.MayEnter(campaign, CampaignKind.Bargain, now);

    private static CampaignPublished Publish(CampaignState campaign, CampaignTerms terms, StockState? stock = null) =>
        Assert.IsType<CampaignPublished>(Assert.Single(Folding.Accepted(CampaignRules.Publish(campaign, terms, stock ?? StockState.None, draft: false, Noon))));
}
