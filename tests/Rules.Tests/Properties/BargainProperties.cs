using System.Globalization;
using System.Text.Json;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Properties;

public sealed class BargainProperties : FiveProperties<BargainState, BargainEvent>
{
    private sealed record Tick;

    protected override BargainState None => BargainState.None;

    protected override IReadOnlyCollection<string> StatusesToReach => ["None", "Open", "Won", "Claimed", "Lapsed", "Expired", "SoldOut", "Cancelled"];

    protected override BargainState Evolve(BargainState state, BargainEvent happened) => BargainState.Evolve(state, happened);

    protected override object CommandOf(BargainState state, Step step, DateTimeOffset now)
    {
        var shopper = step.Who == 0 && step.What % 3 > 0 ? Owner : $"h{step.Who}-{step.What % 5}";
        return step.Kind switch
        {
            < 8 when !state.Exists => new BargainCommand.Start("b1", Owner, TermsOf(step.What), Seed, step.Who == 1, null),
            < 72 => new BargainCommand.Cut(shopper, new HelperFacts(step.What % 2 == 0, step.What % 17 == 0, step.What % 4, 3, Noon.AddHours(9)), step.What % 19 == 0, null),
            < 82 => new BargainCommand.Claim(step.Who < 6 ? Owner : shopper, step.What % 2 == 0, $"k{step.What}"),
            < 86 => new BargainCommand.Cancel(step.Who < 3 ? shopper : step.Who < 6 ? Owner : null),
            _ => new Tick(),
        };
    }

    protected override Answer Decide(BargainState state, object command, DateTimeOffset now)
    {
        switch (command)
        {
            // A bargain is started by who knows that it has not been; the rule itself is not asked twice.
            case BargainCommand.Start start:
                return new Answer(state.Exists ? [] : BargainRules.Start(start, now), null);
            case BargainCommand.Cut cut:
                var decided = Answer.Of(BargainRules.Decide(state, cut, now));
                // Some wins find no stock.
                return cut.Helper.UsedToday == 2 && state is { Exists: true, Terms.ReserveAtStart: false } ? decided with { Events = BargainRules.WithoutStock(decided.Events) } : decided;
            case BargainCommand.Claim claim:
                return Answer.Of(BargainRules.Decide(state, claim, now));
            case BargainCommand.Cancel cancel:
                return Answer.Of(BargainRules.Decide(state, cancel, now));
            default:
                return new Answer(BargainRules.Tick(state, now), null);
        }
    }

    protected override bool IsRepeatableForEver(object command) => command is BargainCommand.Cut or BargainCommand.Claim or BargainCommand.Cancel;

    protected override void CheckFold(BargainState before, BargainEvent happened, BargainState after)
    {
        Assert.Equal(before.Version + 1, after.Version);
        var cuts = Enumerable.Range(0, after.Cuts.Count).Select(i => after.Cuts[i]).ToArray();
        Assert.Equal(after.Terms.StartPriceFen, after.PriceFen + cuts.Sum(cut => cut.CutFen));
        Assert.True(after.PriceFen >= after.Terms.FloorPriceFen);
        Assert.All(cuts, cut => Assert.True(cut.CutFen > 0));
        Assert.Equal(after.Helps, cuts.Count(cut => cut.CutNumber > 0));
        Assert.Equal(cuts.Length, cuts.Select(cut => cut.HelperId).Distinct().Count());
        if (after.Terms.Cut.Kind == CutRuleKind.Headcount) Assert.Equal(after.PriceFen == after.Terms.FloorPriceFen, after.Helps == after.Terms.Cut.Helpers);
        Assert.Equal(Describe(after), Describe(PackedAndUnpacked(after)));
    }

    protected override void CheckDecision(BargainState before, object command, BargainState after, DateTimeOffset now)
    {
        if (!after.Exists) return;
        if (after.Status == BargainStatus.Open) Assert.True(after.RemainingFen > 0);
        if (after.Status is BargainStatus.Won or BargainStatus.SoldOut or BargainStatus.Lapsed) Assert.Equal(0, after.RemainingFen);
        Assert.Equal(after.IsOver, after.EndedAt is not null);
        Assert.Equal(after.IsOver, after.DueAt is null);
        Assert.Equal(after.Status == BargainStatus.Open, after.CutsLeft.Least > 0);
        Assert.True(after.CutsLeft.Least <= after.CutsLeft.Most);
        var move = BargainRules.StockMoveOf(before, after);
        // A unit is only ever taken by the start, the win or the claim.
        if (move.Takes > 0) Assert.True(before.Status is BargainStatus.None or BargainStatus.Open);
        // What one help can still do is what was told before it.
        if (after.Helps > before.Helps) Assert.InRange(before.CutsLeft.Most - after.CutsLeft.Most, 1, int.MaxValue);
    }

    protected override string? EndOf(BargainState state) =>
        state.IsOver ? string.Create(CultureInfo.InvariantCulture, $"{state.Status} {state.EndedAt:O} {state.PriceFen} {state.ClaimId} {state.Cuts.Count}") : null;

    protected override string StatusOf(BargainState state) => state.Status.ToString();

    protected override string Describe(BargainState state) => JsonSerializer.Serialize(new
    {
        state.BargainId, state.OwnerId, state.Status, state.TermsOrNull, state.Seed, state.StartedAt, state.ExpiresAt, state.ClaimBefore, state.EndedAt,
        state.PriceFen, state.Helps, state.ClaimId, state.Generation, state.Version, state.DueAt,
        Cuts = Enumerable.Range(0, state.Cuts.Count).Select(i => state.Cuts[i]),
    });

    private static BargainState PackedAndUnpacked(BargainState state) =>
        PackedBargain.Unpack(state.BargainId, PackedBargain.Pack(state, 1, new byte[PackedBargain.MaxBytes(state)]), [null!, state.Terms]);

    private static BargainTerms TermsOf(int what)
    {
        var cut = (what % 4) switch
        {
            0 => Headcount(1 + what % 7, 1 + what % 3, 100 + what),
            1 => Amounts(1, 1 + what % 90, 50, 50 + what % 400),
            2 => Fixed(1 + what % 700),
            _ => Headcount(2, 500),
        };
        return BargainTerms(cut) with
        {
            StartPriceFen = 2_000 + what % 1_000,
            FloorPriceFen = what % 3 * 400,
            DurationSeconds = 120 + what % 1_000,
            ClaimWithinSeconds = 30 + what % 500,
            OwnerCut = what % 5 == 0 ? new FenBand(1, 100) : null,
            ReserveAtStart = what % 2 == 0,
            BuyBeforeFloor = what % 3 == 0,
        };
    }
}
