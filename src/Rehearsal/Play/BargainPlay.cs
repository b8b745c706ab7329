using System.Collections.Concurrent;
using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Play;

/// <summary>
/// Owners start, ask their friends along the edges of the graph, friends help or don't, some start a bargain of their own. Some
/// repeat themselves, some try what is forbidden.
/// </summary>
internal sealed class BargainPlay(Stage stage, IReadOnlyList<BargainCampaign> campaigns)
{
    public const string Name = "bargain";

    private const int FriendsAskedMax = 120;
    private const double Asked = 0.8;
    private const double Helps = 0.65;
    private const double StartsToo = 0.12;
    private const double PassesOn = 0.08;
    private const double Repeats = 0.12;
    private const double UsesKey = 0.2;

    private readonly BargainActs _acts = new(stage);
    private readonly ConcurrentDictionary<(int Owner, string Campaign), int> _ordinals = new();

    /// <summary>Puts every owner's first start on the agenda.</summary>
    public void Begin()
    {
        var random = stage.Chance("owners");
        var people = Enumerable.Range(0, stage.Graph.People).ToArray();
        random.Shuffle(people);
        var span = stage.End - stage.Now - stage.Lifetime;
        foreach (var owner in people.Take(stage.OwnerCount))
        {
            var campaign = Pick(random);
            stage.Agenda.In(span * random.NextDouble(), () => Start(campaign, owner, null, 0));
        }
    }

    private BargainCampaign Pick(Random random)
    {
        var point = random.NextDouble() * campaigns.Sum(c => c.Share);
        foreach (var campaign in campaigns)
        {
            point -= campaign.Share;
            if (point < 0) return campaign;
        }

        return campaigns[^1];
    }

    private async Task Start(BargainCampaign campaign, int owner, string? via, int level)
    {
        var ordinal = _ordinals.AddOrUpdate((owner, campaign.Name), 0, static (_, n) => n + 1);
        var random = stage.Chance("start", owner, campaign.Name, ordinal);
        // Always with a key: a start is its own repeat only while the bargain is open, and an answer that is lost while a silo is frozen may be
        // asked for again after that.
        var key = stage.NewKey();
        if (await _acts.Start(campaign, stage.Shopper(owner), via, level, key) is not { } started) return;
        if (level > 0) stage.Tally.Reached(Name, started.OwnerId, level);

        var bargain = new RunningBargain(started, campaign, owner, ordinal, level);
        var untilEnd = started.ExpiresAt - stage.Now;
        if (random.Happens(0.1)) stage.Agenda.In(untilEnd * random.NextDouble() * 0.3, () => _acts.StartAgain(campaign, started));
        if (random.Happens(0.06)) stage.Agenda.In(TimeSpan.Zero, () => HelpOneself(bargain));
        if (random.Happens(0.04)) stage.Agenda.In(untilEnd * random.NextDouble(), () => _acts.Cancel(started.BargainId, started.OwnerId));
        if (campaign.Published.BuyBeforeFloor && random.Happens(0.1)) stage.Agenda.In(untilEnd * 0.9, () => BuyNow(bargain));
        if (random.Happens(0.3)) stage.Agenda.At(started.ExpiresAt + TimeSpan.FromMilliseconds(200), () => TryAnother(bargain));
        await Invite(bargain, owner, level, random);
        TouchTheDeadline(bargain, random);
    }

    // A forbidden act: nobody helps themselves.
    private async Task HelpOneself(RunningBargain bargain) => await _acts.Cut(bargain.Id, bargain.Started.OwnerId, null, null);

    private async Task BuyNow(RunningBargain bargain)
    {
        if (await _acts.Claim(bargain.Id, bargain.Started.OwnerId, atCurrentPrice: true)) stage.Tally.Count("claimed");
    }

    // After the end another try with the same friends, on a product for which they have helped: those will be refused.
    private Task TryAnother(RunningBargain bargain) =>
        TimeForAnother ? Start(bargain.Campaign, bargain.Owner, null, 0) : Task.CompletedTask;

    private bool TimeForAnother => stage.Now + stage.Lifetime < stage.End;

    private async Task Invite(RunningBargain bargain, int inviter, int level, Random random)
    {
        var token = await _acts.Share(bargain.Id, stage.Shopper(inviter), random);
        var friends = stage.Graph.FriendsOf(inviter).ToArray();
        random.Shuffle(friends);
        foreach (var friend in friends.Take(FriendsAskedMax))
        {
            if (friend == bargain.Owner || !random.Happens(Asked)) continue;
            stage.Tally.Invited(Name, level + 1);
            if (!random.Happens(Helps)) continue;
            stage.Agenda.In(random.Delay(stage.Lifetime * 0.3), () => Help(bargain, friend, token, level + 1));
        }
    }

    // Some come in the last and some in the first moment after it; the deadline must split them.
    private void TouchTheDeadline(RunningBargain bargain, Random random)
    {
        if (!random.Happens(0.15)) return;
        foreach (var friend in stage.Graph.FriendsOf(bargain.Owner)[..Math.Min(3, stage.Graph.FriendsOf(bargain.Owner).Length)])
        {
            var around = TimeSpan.FromMilliseconds(random.Next(-25, 25));
            stage.Agenda.At(bargain.Started.ExpiresAt + around, () => Help(bargain, friend, null, bargain.Level + 1));
        }
    }

    private async Task Help(RunningBargain bargain, int friend, string? via, int level)
    {
        var random = stage.Chance("help", bargain.Owner, bargain.Campaign.Name, bargain.Ordinal, friend, level);
        var helper = stage.Shopper(friend);

        // Most know their limit or see that it is over; the rest find out from the refusal.
        if (stage.HelpsOf(helper) >= stage.Options.DailyHelps && !random.Happens(0.2)) return;
        if (bargain.Over && !random.Happens(0.2)) return;

        var key = random.Happens(UsesKey) ? stage.NewKey() : null;
        var twin = random.Happens(0.03) ? _acts.Cut(bargain.Id, helper, via, key) : null;
        var (cut, code) = await _acts.Cut(bargain.Id, helper, via, key);
        if (twin is not null) await twin;
        if (code is "bargainWon" or "bargainExpired" or "bargainCancelled" or "bargainSoldOut") bargain.Over = true;
        if (cut is null) return;

        stage.Tally.Reached(Name, helper, level);
        if (cut.BargainStatus is "won" or "claimed" && cut.RemainingFen == 0) Won(bargain, random);
        if (random.Happens(0.1)) await _acts.ReadAfter(cut);
        if (random.Happens(Repeats)) stage.Agenda.In(random.Delay(stage.Lifetime * 0.2), () => _acts.Cut(bargain.Id, helper, via, key));
        if (key is not null && random.Happens(0.2)) await _acts.ReuseKey(bargain.Id, helper, key);
        if (random.Happens(PassesOn)) await Invite(bargain, friend, level, random);
        if (random.Happens(StartsToo) && TimeForAnother) await Start(bargain.Campaign, friend, via, level);
    }

    private void Won(RunningBargain bargain, Random random)
    {
        // The winning cut's receipt may come more than once; the owner hears of it once.
        if (!bargain.FirstToSeeItWon()) return;
        bargain.Over = true;
        stage.Tally.Count("won");
        var friends = stage.Graph.FriendsOf(bargain.Owner);
        var stranger = stage.Shopper(friends[random.Next(friends.Length)]);
        if (random.Happens(0.05)) stage.Agenda.In(TimeSpan.Zero, () => _acts.ClaimAsStranger(bargain.Id, stranger));
        if (!random.Happens(0.9)) return;
        var times = random.Happens(0.3) ? 2 : 1;
        stage.Agenda.In(random.Delay(stage.Lifetime * 0.1), async () =>
        {
            for (var i = 0; i < times; i++)
            {
                if (await _acts.Claim(bargain.Id, bargain.Started.OwnerId, atCurrentPrice: false)) stage.Tally.Count(i == 0 ? "claimed" : "repeats");
            }
        });
    }

    private sealed class RunningBargain(BargainStarted started, BargainCampaign campaign, int owner, int ordinal, int level)
    {
        private int _won;
        private volatile bool _over;

        public BargainStarted Started => started;
        public string Id => started.BargainId;
        public BargainCampaign Campaign => campaign;
        public int Owner => owner;
        public int Ordinal => ordinal;
        public int Level => level;

        public bool Over
        {
            get => _over;
            set => _over = value;
        }

        public bool FirstToSeeItWon() => Interlocked.Exchange(ref _won, 1) == 0;
    }
}
