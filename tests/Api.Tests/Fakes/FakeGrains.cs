using System.Collections.Concurrent;
using System.Reflection;

namespace SocialCommerce.Api.Tests;

/// <summary>Grains that answer what a test says, and remember what they were asked. The key is the grain's own.</summary>
public sealed class FakeGrains
{
    private readonly ConcurrentQueue<object> _requests = new();

    public Func<string, StartBargain, Task<StartReply>> Start { get; set; } = (_, _) => Task.FromResult(new StartReply { Outcome = Outcome.Done, Bargain = Samples.Bargain() });
    public Func<string, HelpBargain, Task<CutReply>> Help { get; set; } = (helper, request) => Task.FromResult(new CutReply { Outcome = Outcome.Done, Cut = Samples.Cut(request.BargainId, helper) });
    public Func<string, OpenTeam, Task<TeamReply>> OpenTeam { get; set; } = (_, _) => Task.FromResult(new TeamReply { Outcome = Outcome.Done, Team = Samples.Team(), Seat = Samples.Seat() });
    public Func<string, JoinTeam, Task<SeatReply>> JoinTeam { get; set; } = (_, _) => Task.FromResult(new SeatReply { Outcome = Outcome.Done, Seat = Samples.Seat() });
    public Func<string, BuyAlone, Task<PurchaseReply>> Buy { get; set; } = (_, _) => Task.FromResult(new PurchaseReply { Outcome = Outcome.Done, Purchase = Samples.Purchase() });
    public Func<string, Task<ShopperView>> Me { get; set; } = shopper => Task.FromResult(Samples.Me(shopper));

    public Func<string, Task<BargainView?>> GetBargain { get; set; } = id => Task.FromResult<BargainView?>(Samples.Bargain(id));
    public Func<string, int, Task<BargainView?>> WatchBargain { get; set; } = (id, _) => Task.FromResult<BargainView?>(Samples.Bargain(id));
    public Func<string, CutsQuery, Task<CutPage?>> Cuts { get; set; } = (id, _) => Task.FromResult<CutPage?>(new CutPage { Items = [Samples.Cut(id, "bob") with { HelpsToday = null }], Next = 1 });
    public Func<string, ClaimBargain, Task<ClaimReply>> Claim { get; set; } = (id, _) => Task.FromResult(new ClaimReply { Outcome = Outcome.Done, Claim = Samples.Claim(id) });
    public Func<string, CancelBargain, Task<BargainReply>> Cancel { get; set; } = (id, _) => Task.FromResult(new BargainReply { Outcome = Outcome.Done, Bargain = Samples.Bargain(id) with { Status = BargainStatus.Cancelled } });
    public Func<string, Task<FairnessView?>> Fairness { get; set; } = id => Task.FromResult<FairnessView?>(Samples.Fairness(id));
    public Func<string, ShareRequest, Task<ShareReply>> Share { get; set; } = (_, _) => Task.FromResult(new ShareReply { Outcome = Outcome.Done, Token = "to+ken" });

    public Func<string, Task<TeamView?>> GetTeam { get; set; } = id => Task.FromResult<TeamView?>(Samples.Team(id));
    public Func<string, int, Task<TeamView?>> WatchTeam { get; set; } = (id, _) => Task.FromResult<TeamView?>(Samples.Team(id));
    public Func<string, Payment, Task<SeatChangeReply>> PaySeat { get; set; } = (_, _) => Task.FromResult(new SeatChangeReply { Outcome = Outcome.Done, Seat = Samples.Seat() with { Status = SeatStatus.Paid } });
    public Func<string, RefundConfirmation, Task<SeatChangeReply>> RefundSeat { get; set; } = (_, _) => Task.FromResult(new SeatChangeReply { Outcome = Outcome.Done, Seat = Samples.Seat() with { Status = SeatStatus.Refunded } });
    public Func<string, LeaveTeam, Task<SeatChangeReply>> Leave { get; set; } = (_, _) => Task.FromResult(new SeatChangeReply { Outcome = Outcome.Done, Seat = Samples.Seat() with { Status = SeatStatus.Left } });
    public Func<string, OpenTeamsQuery, Task<OpenTeamPage>> OpenTeams { get; set; } = (_, _) => Task.FromResult(new OpenTeamPage { Items = [Samples.OpenTeam("t-2")], Next = 1 });

    public Func<string, DeclareShopper, Task<DeclareReply>> Declare { get; set; } = (_, _) => Task.FromResult(new DeclareReply { Outcome = Outcome.Done });

    public Func<string, Task<PurchaseView?>> GetPurchase { get; set; } = id => Task.FromResult<PurchaseView?>(Samples.Purchase(id));
    public Func<string, Payment, Task<PurchaseChangeReply>> PayPurchase { get; set; } = (_, _) => Task.FromResult(new PurchaseChangeReply { Outcome = Outcome.Done, Purchase = Samples.Purchase() with { Status = PurchaseStatus.Paid } });
    public Func<string, RefundConfirmation, Task<PurchaseChangeReply>> RefundPurchase { get; set; } = (_, _) => Task.FromResult(new PurchaseChangeReply { Outcome = Outcome.Done, Purchase = Samples.Purchase() with { Status = PurchaseStatus.Refunded } });

    public Func<string, PublishCampaign, Task<CampaignReply>> Publish { get; set; } = (id, request) => Task.FromResult(new CampaignReply { Outcome = Outcome.Done, Created = true, Campaign = Samples.Campaign(id) with { Definition = request.Definition } });
    public Func<string, string, CampaignCommand, Task<CampaignReply>> Steer { get; set; } = (id, _, _) => Task.FromResult(new CampaignReply { Outcome = Outcome.Done, Campaign = Samples.Campaign(id) });
    public Func<string, Task<CampaignView?>> GetCampaign { get; set; } = id => Task.FromResult<CampaignView?>(Samples.Campaign(id));
    public Func<CampaignsQuery, Task<CampaignPage>> ListCampaigns { get; set; } = _ => Task.FromResult(new CampaignPage { Items = [Samples.Campaign("c-1")], Next = "c-1" });
    public Func<string, Task<CampaignStatsView>> Stats { get; set; } = id => Task.FromResult(Samples.Stats(id));
    public Func<string, FeedQuery, Task<FeedReply>> ReadFeed { get; set; } = (_, _) => Task.FromResult(new FeedReply { Items = [Samples.Event()], Next = "7" });

    /// <summary>How many requests came.</summary>
    public int RequestCount => _requests.Count;

    /// <summary>Everything that was asked, in order.</summary>
    public IReadOnlyList<object> Requests => [.. _requests];

    public T Only<T>() => Assert.Single(_requests.OfType<T>());

    public IGrainFactory ToFactory()
    {
        // A proxy, since the factory's interface is much wider on one engine than on the other.
        var factory = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)factory).Grains = this;
        return factory;
    }

    private T Seen<T>(T request)
        where T : notnull
    {
        _requests.Enqueue(request);
        return request;
    }

    public class Factory : DispatchProxy
    {
        internal FakeGrains Grains { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var key = (string)args![0]!;
            return targetMethod!.GetGenericArguments().Single().Name switch
            {
                nameof(IShopperShardGrain) => new ShopperShard(Grains),
                nameof(IBargainGrain) => new Bargain(Grains, key),
                nameof(ITeamGrain) => new Team(Grains, key),
                nameof(IPurchaseGrain) => new Purchase(Grains, key),
                nameof(ICampaignGrain) => new Campaign(Grains, key),
                nameof(ICampaignIndexGrain) => new CampaignIndex(Grains),
                nameof(ICampaignStatsGrain) => new CampaignStats(Grains, key),
                nameof(IOpenTeamsGrain) => new OpenTeamsList(Grains, key),
                nameof(IFeedGrain) => new Feed(Grains, key),
                var other => throw new NotSupportedException(other),
            };
        }
    }

    private sealed class ShopperShard(FakeGrains grains) : IShopperShardGrain
    {
        public Task<StartReply> Start(string shopperId, StartBargain request) => grains.Start(shopperId, grains.Seen(request));
        public Task<CutReply> Help(string shopperId, HelpBargain request) => grains.Help(shopperId, grains.Seen(request));
        public Task<TeamReply> OpenTeam(string shopperId, OpenTeam request) => grains.OpenTeam(shopperId, grains.Seen(request));
        public Task<SeatReply> JoinTeam(string shopperId, JoinTeam request) => grains.JoinTeam(shopperId, grains.Seen(request));
        public Task<PurchaseReply> Buy(string shopperId, BuyAlone request) => grains.Buy(shopperId, grains.Seen(request));
        public Task DeclareExisting(string shopperId) => throw new NotSupportedException("The edge wants to know what came of it.");
        public Task<DeclareReply> Declare(string shopperId, DeclareShopper request) => grains.Declare(shopperId, grains.Seen(request));
        public Task<ShopperView> Me(string shopperId) => grains.Me(shopperId);
        public Task<SeatChangeReply> RetakeSeat(string shopperId, string teamId, Payment payment) => throw new NotSupportedException("Teams ask for it, not the edge.");
        public Task<PurchaseChangeReply> RetakePurchase(string shopperId, string purchaseId, Payment payment) => throw new NotSupportedException("Purchases ask for it, not the edge.");
    }

    private sealed class Bargain(FakeGrains grains, string key) : IBargainGrain
    {
        public Task<BargainView?> Get() => grains.GetBargain(grains.Seen(key));
        public Task<BargainView?> Watch(int knownVersion) => grains.WatchBargain(key, grains.Seen(knownVersion));
        public Task<CutPage?> Cuts(CutsQuery query) => grains.Cuts(key, grains.Seen(query));
        public Task<ClaimReply> Claim(ClaimBargain request) => grains.Claim(key, grains.Seen(request));
        public Task<BargainReply> Cancel(CancelBargain request) => grains.Cancel(key, grains.Seen(request));
        public Task<FairnessView?> Fairness() => grains.Fairness(key);
        public Task<ShareReply> Share(ShareRequest request) => grains.Share(key, grains.Seen(request));
    }

    private sealed class Team(FakeGrains grains, string key) : ITeamGrain
    {
        public Task<TeamView?> Get() => grains.GetTeam(key);
        public Task<TeamView?> Watch(int knownVersion) => grains.WatchTeam(key, grains.Seen(knownVersion));
        public Task<SeatChangeReply> Pay(Payment request) => grains.PaySeat(key, grains.Seen(request));
        public Task<SeatChangeReply> ConfirmRefund(RefundConfirmation request) => grains.RefundSeat(key, grains.Seen(request));
        public Task<SeatChangeReply> Leave(LeaveTeam request) => grains.Leave(key, grains.Seen(request));
        public Task<ShareReply> Share(ShareRequest request) => grains.Share(key, grains.Seen(request));
    }

    private sealed class Purchase(FakeGrains grains, string key) : IPurchaseGrain
    {
        public Task<PurchaseView?> Get() => grains.GetPurchase(key);
        public Task<PurchaseChangeReply> Pay(Payment request) => grains.PayPurchase(key, grains.Seen(request));
        public Task<PurchaseChangeReply> ConfirmRefund(RefundConfirmation request) => grains.RefundPurchase(key, grains.Seen(request));
    }

    private sealed class Campaign(FakeGrains grains, string key) : ICampaignGrain
    {
        public Task<CampaignReply> Publish(PublishCampaign request) => grains.Publish(key, grains.Seen(request));
        public Task<CampaignReply> Pause(CampaignCommand request) => grains.Steer(key, "pause", grains.Seen(request));
        public Task<CampaignReply> Resume(CampaignCommand request) => grains.Steer(key, "resume", grains.Seen(request));
        public Task<CampaignReply> Close(CampaignCommand request) => grains.Steer(key, "close", grains.Seen(request));
        public Task<CampaignView?> Get() => grains.GetCampaign(key);
    }

    private sealed class CampaignIndex(FakeGrains grains) : ICampaignIndexGrain
    {
        public Task<CampaignPage> List(CampaignsQuery query) => grains.ListCampaigns(grains.Seen(query));
    }

    private sealed class CampaignStats(FakeGrains grains, string key) : ICampaignStatsGrain
    {
        public Task<CampaignStatsView> Get() => grains.Stats(key);
    }

    private sealed class OpenTeamsList(FakeGrains grains, string key) : IOpenTeamsGrain
    {
        public Task<OpenTeamPage> List(OpenTeamsQuery query) => grains.OpenTeams(key, grains.Seen(query));
    }

    private sealed class Feed(FakeGrains grains, string key) : IFeedGrain
    {
        public Task<FeedReply> Read(FeedQuery query) => grains.ReadFeed(key, grains.Seen(query));
    }
}
