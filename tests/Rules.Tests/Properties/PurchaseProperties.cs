using System.Text.Json;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Properties;

public sealed class PurchaseProperties : FiveProperties<PurchaseState, PurchaseEvent>
{
    private sealed record Tick;

    protected override PurchaseState None => PurchaseState.None;

    protected override IReadOnlyCollection<string> StatusesToReach => ["None", "Held", "Paid", "Released", "RefundRequested", "Refunded"];

    protected override PurchaseState Evolve(PurchaseState state, PurchaseEvent happened) => PurchaseState.Evolve(state, happened);

    protected override object CommandOf(PurchaseState state, Step step, DateTimeOffset now) => step.Kind switch
    {
        < 30 when !state.Exists => new PurchaseCommand.Buy("u1", "ann", TeamTerms() with { SeatHoldSeconds = 1 + step.What % 60 }, true, null),
        < 30 => new PurchaseCommand.Pay($"p{step.Who % 2}", state.PriceFen + (step.What % 5 == 0 ? 1 : 0), step.What % 2 == 0, step.What % 3 == 0),
        < 50 => new PurchaseCommand.ConfirmRefund($"r{step.Who % 2}"),
        _ => new Tick(),
    };

    protected override Answer Decide(PurchaseState state, object command, DateTimeOffset now) => command switch
    {
        PurchaseCommand.Buy buy => new Answer(state.Exists ? [] : PurchaseRules.Buy(buy, now), null),
        PurchaseCommand.Pay pay => Answer.Of(PurchaseRules.Decide(state, pay, now)),
        PurchaseCommand.ConfirmRefund confirm => Answer.Of(PurchaseRules.Decide(state, confirm, now)),
        _ => new Answer(PurchaseRules.Tick(state, now), null),
    };

    protected override bool IsRepeatableForEver(object command) => command is PurchaseCommand.Pay or PurchaseCommand.ConfirmRefund;

    protected override void CheckFold(PurchaseState before, PurchaseEvent happened, PurchaseState after)
    {
        Assert.Equal(before.Version + 1, after.Version);
        // Never charged and lost: a payment has bought the unit, or all of it goes back.
        Assert.Equal(after.PaymentId is not null, after.Status is PurchaseStatus.Paid or PurchaseStatus.RefundRequested or PurchaseStatus.Refunded);
        Assert.Equal(after.Status is PurchaseStatus.RefundRequested or PurchaseStatus.Refunded ? after.PriceFen : 0, after.Refund?.AmountFen ?? 0);
        Assert.Equal(after.Status == PurchaseStatus.RefundRequested, after.Refund is { IsPending: true });
        Assert.Equal(after.DueAt is not null, after.Status is PurchaseStatus.Held or PurchaseStatus.RefundRequested);
    }

    protected override void CheckDecision(PurchaseState before, object command, PurchaseState after, DateTimeOffset now)
    {
        var move = PurchaseRules.StockMoveOf(before, after);
        // A unit is taken by buying, or by a late payment; a payment in time only turns what is held into sold.
        if (move.Takes > 0) Assert.True(before.Status is PurchaseStatus.None or PurchaseStatus.Released);
        if (command is PurchaseCommand.Pay { StockGone: true } or PurchaseCommand.Pay { UnitLimitReached: true }) Assert.Equal(0, move.Takes);
        if (after.Status is PurchaseStatus.RefundRequested or PurchaseStatus.Refunded) Assert.Equal(0, move.Takes);
    }

    protected override string? EndOf(PurchaseState state) => state.Status switch
    {
        PurchaseStatus.Paid or PurchaseStatus.Refunded => $"{state.Status} {state.PaymentId}",
        // It may still be confirmed, but never be paid.
        PurchaseStatus.RefundRequested => $"{PurchaseStatus.Refunded} {state.PaymentId}",
        _ => null,
    };

    protected override string StatusOf(PurchaseState state) => state.Status.ToString();

    protected override string Describe(PurchaseState state) => JsonSerializer.Serialize(new
    {
        state.PurchaseId, state.ShopperId, state.Status, state.TermsOrNull, state.PriceFen, state.HeldAt, state.HoldExpiresAt, state.PaymentId, state.PaidAt,
        state.Refund, state.Version, state.DueAt,
    });
}
