using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>One campaign's sums. Deciding nothing, it can be wrong about nothing that matters; it follows what was committed.</summary>
internal sealed class CampaignTally
{
    public Dictionary<string, long> Funnel { get; init; } = [];
    public SortedDictionary<int, LevelCount> Levels { get; init; } = [];
    public SortedDictionary<DateTimeOffset, HourCount> Hours { get; init; } = [];
    public List<long> Generations { get; init; } = [];
    public DistinctNames Inviters { get; init; } = new();
    public long CutFen { get; set; }
    public long ClaimedFen { get; set; }
    public long PaidFen { get; set; }
    public long RefundedFen { get; set; }
    public long NewShoppers { get; set; }
    public long Brought { get; set; }
    public long Started { get; set; }
    public long StartedByInvited { get; set; }

    public void Count(string type) => Funnel[type] = Funnel.GetValueOrDefault(type) + 1;

    public void Count(string type, BargainEvent happened)
    {
        Count(type);
        switch (happened)
        {
            case BargainStarted started:
                Entered(started.Via, started.At);
                if (started.NewShopper) NewShoppers++;
                var generation = started.Via?.Generation ?? 0;
                while (Generations.Count <= generation) Generations.Add(0);
                Generations[generation]++;
                break;
            case BargainCut cut:
                CutFen += cut.CutFen;
                Hour(cut.At, cuts: 1);
                if (cut.CutNumber > 0) Came(cut.NewShopper, cut.Via);
                break;
            case BargainClaimed claimed:
                ClaimedFen += claimed.PriceFen;
                Hour(claimed.At, ended: 1);
                break;
            case BargainLapsed or BargainExpired or BargainSoldOut or BargainCancelled:
                Hour(happened.At, ended: 1);
                break;
        }
    }

    public void Count(string type, TeamEvent happened)
    {
        Count(type);
        switch (happened)
        {
            case TeamOpened opened:
                Entered(opened.Via, opened.At);
                break;
            case SeatHeld held:
                // The leader's own seat, too: so every member is counted once.
                Came(held.NewShopper, held.Via);
                break;
            case SeatPaid paid:
                PaidFen += paid.AmountFen;
                break;
            case RefundConfirmed confirmed:
                RefundedFen += confirmed.AmountFen;
                break;
            case TeamFormed or TeamFailed:
                Hour(happened.At, ended: 1);
                break;
        }
    }

    public void Count(string type, PurchaseEvent happened)
    {
        Count(type);
        if (happened is PurchaseHeld { NewShopper: true }) NewShoppers++;
        if (happened is PurchasePaid paid) PaidFen += paid.AmountFen;
        if (happened is PurchaseRefundConfirmed confirmed) RefundedFen += confirmed.AmountFen;
    }

    public CampaignStatsView View(string campaignId) => new()
    {
        CampaignId = campaignId,
        Funnel = Funnel.ToImmutableDictionary(StringComparer.Ordinal),
        CutFen = CutFen,
        ClaimedFen = ClaimedFen,
        PaidFen = PaidFen,
        RefundedFen = RefundedFen,
        NewShoppers = NewShoppers,
        CutFenPerNewShopper = Ratio(CutFen, NewShoppers),
        StartedByInvited = StartedByInvited,
        K = Ratio(StartedByInvited, Started),
        Levels = [.. Levels.Select(level => new LevelStats { Depth = level.Key, Shoppers = level.Value.Shoppers, NewShoppers = level.Value.NewShoppers })],
        Hours = [.. Hours.Select(hour => new HourStats { Hour = hour.Key, Started = hour.Value.Started, Cuts = hour.Value.Cuts, Ended = hour.Value.Ended })],
        Generations = [.. Generations],
        Inviters = Inviters.Count,
        BroughtPerInviter = Ratio(Brought, Inviters.Count),
    };

    private void Entered(Attribution? via, DateTimeOffset at)
    {
        Started++;
        Hour(at, started: 1);
        if (via is null) return;
        StartedByInvited++;
        Inviters.Add(via.InviterId);
    }

    private void Came(bool newShopper, Attribution? via)
    {
        if (newShopper) NewShoppers++;
        var depth = via?.Depth ?? 0;
        var (shoppers, fresh) = Levels.GetValueOrDefault(depth);
        Levels[depth] = new(shoppers + 1, newShopper ? fresh + 1 : fresh);
        if (via is null) return;
        Brought++;
        Inviters.Add(via.InviterId);
    }

    private void Hour(DateTimeOffset at, long started = 0, long cuts = 0, long ended = 0)
    {
        var hour = new DateTimeOffset(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        var before = Hours.GetValueOrDefault(hour);
        Hours[hour] = new(before.Started + started, before.Cuts + cuts, before.Ended + ended);
    }

    private static decimal? Ratio(long value, long by) => by == 0 ? null : Math.Round((decimal)value / by, 4);
}

/// <summary>Shoppers who came at one depth.</summary>
internal readonly record struct LevelCount(long Shoppers, long NewShoppers);

/// <summary>What happened in one hour.</summary>
internal readonly record struct HourCount(long Started, long Cuts, long Ended);
