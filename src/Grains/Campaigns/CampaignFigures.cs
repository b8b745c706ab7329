using System.Collections.Immutable;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.Rules;

namespace SocialCommerce.Grains;

/// <summary>The figures of every campaign, from the feed.</summary>
internal sealed class CampaignFigures(IJournal journal, TimeProvider monotonic)
    : FeedFollower(journal, PublicEvents.Kinds, TimeSpan.FromMilliseconds(500), monotonic)
{
    private readonly Dictionary<string, Tally> _campaigns = new(StringComparer.Ordinal);

    public Task<CampaignStatsView> Of(string campaignId) => Look(() =>
        (_campaigns.TryGetValue(campaignId, out var tally) ? tally.View(campaignId) : new CampaignStatsView { CampaignId = campaignId })
        with { UpTo = ReadUpTo.ToString() });

    protected override void Apply(FeedEvent happened)
    {
        var type = PublicEvents.TypeOf(happened.Kind);
        if (StoredEvents.Bargains.Knows(happened.Kind))
        {
            var bargain = StoredEvents.Bargains.Decode(happened.Kind, happened.Payload);
            TallyOf(bargain.CampaignId).Count(type, bargain);
        }
        else if (StoredEvents.Teams.Knows(happened.Kind))
        {
            var team = StoredEvents.Teams.Decode(happened.Kind, happened.Payload);
            TallyOf(team.CampaignId).Count(type, team);
        }
        else if (StoredEvents.Purchases.Knows(happened.Kind))
        {
            var purchase = StoredEvents.Purchases.Decode(happened.Kind, happened.Payload);
            TallyOf(purchase.CampaignId).Count(type, purchase);
        }
        else
        {
            TallyOf(happened.Stream[Streams.CampaignPrefix.Length..]).Count(type);
        }
    }

    private Tally TallyOf(string campaignId)
    {
        if (!_campaigns.TryGetValue(campaignId, out var tally)) _campaigns[campaignId] = tally = new Tally();
        return tally;
    }

    /// <summary>One campaign's sums. Deciding nothing, it can be wrong about nothing that matters; it follows what was committed.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<string, long> _funnel = new(StringComparer.Ordinal);
        private readonly SortedDictionary<int, (long Shoppers, long New)> _levels = [];
        private readonly SortedDictionary<DateTimeOffset, (long Started, long Cuts, long Ended)> _hours = [];
        private readonly List<long> _generations = [];
        private readonly HashSet<string> _inviters = new(StringComparer.Ordinal);
        private long _cutFen;
        private long _claimedFen;
        private long _paidFen;
        private long _refundedFen;
        private long _newShoppers;
        private long _brought;
        private long _started;
        private long _startedByInvited;

        public void Count(string type) => _funnel[type] = _funnel.GetValueOrDefault(type) + 1;

        public void Count(string type, BargainEvent happened)
        {
            Count(type);
            switch (happened)
            {
                case BargainStarted started:
                    Entered(started.Via, started.At);
                    if (started.NewShopper) _newShoppers++;
                    var generation = started.Via?.Generation ?? 0;
                    while (_generations.Count <= generation) _generations.Add(0);
                    _generations[generation]++;
                    break;
                case BargainCut cut:
                    _cutFen += cut.CutFen;
                    Hour(cut.At, cuts: 1);
                    if (cut.CutNumber > 0) Came(cut.NewShopper, cut.Via);
                    break;
                case BargainClaimed claimed:
                    _claimedFen += claimed.PriceFen;
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
                    _paidFen += paid.AmountFen;
                    break;
                case RefundConfirmed confirmed:
                    _refundedFen += confirmed.AmountFen;
                    break;
                case TeamFormed or TeamFailed:
                    Hour(happened.At, ended: 1);
                    break;
            }
        }

        public void Count(string type, PurchaseEvent happened)
        {
            Count(type);
            if (happened is PurchaseHeld { NewShopper: true }) _newShoppers++;
            if (happened is PurchasePaid paid) _paidFen += paid.AmountFen;
            if (happened is PurchaseRefundConfirmed confirmed) _refundedFen += confirmed.AmountFen;
        }

        public CampaignStatsView View(string campaignId) => new()
        {
            CampaignId = campaignId,
            Funnel = _funnel.ToImmutableDictionary(StringComparer.Ordinal),
            CutFen = _cutFen,
            ClaimedFen = _claimedFen,
            PaidFen = _paidFen,
            RefundedFen = _refundedFen,
            NewShoppers = _newShoppers,
            CutFenPerNewShopper = Ratio(_cutFen, _newShoppers),
            StartedByInvited = _startedByInvited,
            K = Ratio(_startedByInvited, _started),
            Levels = [.. _levels.Select(level => new LevelStats { Depth = level.Key, Shoppers = level.Value.Shoppers, NewShoppers = level.Value.New })],
            Hours = [.. _hours.Select(hour => new HourStats { Hour = hour.Key, Started = hour.Value.Started, Cuts = hour.Value.Cuts, Ended = hour.Value.Ended })],
            Generations = [.. _generations],
            Inviters = _inviters.Count,
            BroughtPerInviter = Ratio(_brought, _inviters.Count),
        };

        private void Entered(Attribution? via, DateTimeOffset at)
        {
            _started++;
            Hour(at, started: 1);
            if (via is null) return;
            _startedByInvited++;
            _inviters.Add(via.InviterId);
        }

        private void Came(bool newShopper, Attribution? via)
        {
            if (newShopper) _newShoppers++;
            var depth = via?.Depth ?? 0;
            var (shoppers, fresh) = _levels.GetValueOrDefault(depth);
            _levels[depth] = (shoppers + 1, newShopper ? fresh + 1 : fresh);
            if (via is null) return;
            _brought++;
            _inviters.Add(via.InviterId);
        }

        private void Hour(DateTimeOffset at, long started = 0, long cuts = 0, long ended = 0)
        {
            var hour = new DateTimeOffset(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
            var before = _hours.GetValueOrDefault(hour);
            _hours[hour] = (before.Started + started, before.Cuts + cuts, before.Ended + ended);
        }

        private static decimal? Ratio(long value, long by) => by == 0 ? null : Math.Round((decimal)value / by, 4);
    }
}
