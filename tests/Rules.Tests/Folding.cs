namespace SocialCommerce.Rules.Tests;

/// <summary>Given, when, then: a state with events folded in, or with an accepted command's.</summary>
internal static class Folding
{
    public static BargainState With(this BargainState state, IEnumerable<BargainEvent> events) => events.Aggregate(state, BargainState.Evolve);

    public static TeamState With(this TeamState state, IEnumerable<TeamEvent> events) => events.Aggregate(state, TeamState.Evolve);

    public static PurchaseState With(this PurchaseState state, IEnumerable<PurchaseEvent> events) => events.Aggregate(state, PurchaseState.Evolve);

    public static CampaignState With(this CampaignState state, IEnumerable<CampaignEvent> events) => events.Aggregate(state, CampaignState.Evolve);

    public static BargainState After(this BargainState state, BargainCommand.Cut cut, DateTimeOffset now) => state.With(Accepted(BargainRules.Decide(state, cut, now)));

    public static BargainState After(this BargainState state, BargainCommand.Claim claim, DateTimeOffset now) => state.With(Accepted(BargainRules.Decide(state, claim, now)));

    public static BargainState After(this BargainState state, BargainCommand.Cancel cancel, DateTimeOffset now) => state.With(Accepted(BargainRules.Decide(state, cancel, now)));

    public static BargainState At(this BargainState state, DateTimeOffset now) => state.With(BargainRules.Tick(state, now));

    public static TeamState After(this TeamState state, TeamCommand.Join join, DateTimeOffset now) => state.With(Accepted(TeamRules.Decide(state, join, now)));

    public static TeamState After(this TeamState state, TeamCommand.Pay pay, DateTimeOffset now) => state.With(Accepted(TeamRules.Decide(state, pay, now)));

    public static TeamState After(this TeamState state, TeamCommand.Leave leave, DateTimeOffset now) => state.With(Accepted(TeamRules.Decide(state, leave, now)));

    public static TeamState After(this TeamState state, TeamCommand.ConfirmRefund confirm, DateTimeOffset now) => state.With(Accepted(TeamRules.Decide(state, confirm, now)));

    public static TeamState At(this TeamState state, DateTimeOffset now) => state.With(TeamRules.Tick(state, now));

    /// <summary>Joined and paid at once.</summary>
    public static TeamState Paid(this TeamState state, string shopperId, DateTimeOffset now, long amountFen = 6_000) =>
        state.After(Given.Join(shopperId), now).After(Given.Pay(shopperId, amountFen), now);

    public static Seat SeatOf(this TeamState state, string shopperId) => state.Seats.Find("s-" + shopperId)!;

    public static PurchaseState After(this PurchaseState state, PurchaseCommand.Pay pay, DateTimeOffset now) => state.With(Accepted(PurchaseRules.Decide(state, pay, now)));

    public static PurchaseState At(this PurchaseState state, DateTimeOffset now) => state.With(PurchaseRules.Tick(state, now));

    /// <summary>The events of a decision that must be neither refused nor a repeat.</summary>
    public static IReadOnlyList<TEvent> Accepted<TEvent, TRefusal>(Decision<TEvent, TRefusal> decision)
        where TRefusal : struct, Enum
    {
        Assert.Equal(default, decision.Refusal);
        Assert.NotEmpty(decision.Events);
        return decision.Events;
    }

    public static void Refused<TEvent, TRefusal>(TRefusal refusal, Decision<TEvent, TRefusal> decision)
        where TRefusal : struct, Enum
    {
        Assert.Equal(refusal, decision.Refusal);
        Assert.True(decision.IsRefused);
        Assert.Empty(decision.Events);
    }
}
