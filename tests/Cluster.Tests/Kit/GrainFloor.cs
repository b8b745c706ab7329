using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Cluster.Tests;

/// <summary>By grain calls, as an integrator's program makes them.</summary>
internal sealed class GrainFloor(IGrainFactory grains) : IShopFloor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>As the contract says: while the engine is between two silos or the store is away, repeat a little later.</summary>
    public static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception away) when (IsAway(away) && TimeProvider.System.GetElapsedTime(started) < Play.Patience)
            {
                await Task.Delay(Pause);
            }
        }
    }

    public async Task Publish(string campaignId, CampaignDefinition campaign)
    {
        var reply = await Ask(() => grains.GetGrain<ICampaignGrain>(campaignId).Publish(new PublishCampaign { Definition = campaign }));
        Assert.True(reply.Outcome is Outcome.Done or Outcome.Repeated, $"{reply.Refusal}");
    }

    public async Task<string> Start(string campaignId, string owner) =>
        (await Ask(() => grains.GetGrain<IShopperGrain>(owner).Start(new StartBargain { CampaignId = campaignId }))).Bargain!.BargainId;

    public async Task<CutAck?> Help(string bargainId, string helper)
    {
        var reply = await Ask(() => grains.GetGrain<IShopperGrain>(helper).Help(new HelpBargain { BargainId = bargainId }));
        return reply.Cut is { } cut ? new CutAck(cut.CutNumber, cut.CutFen, cut.PriceFen, cut.BargainStatus == BargainStatus.Won) : null;
    }

    public async Task<string?> Claim(string bargainId, string owner) =>
        (await Ask(() => grains.GetGrain<IBargainGrain>(bargainId).Claim(new ClaimBargain { ShopperId = owner }))).Claim?.ClaimId;

    public async Task<SeatAck> Open(string campaignId, string leader)
    {
        var request = new OpenTeam { CampaignId = campaignId, RequestKey = new RequestKey { Key = "open-" + leader, Fingerprint = "" } };
        return AckOf((await Ask(() => grains.GetGrain<IShopperGrain>(leader).OpenTeam(request))).Seat!);
    }

    public async Task<SeatAck?> Join(string teamId, string shopper)
    {
        var reply = await Ask(() => grains.GetGrain<IShopperGrain>(shopper).JoinTeam(new JoinTeam { TeamId = teamId }));
        return reply.Seat is { } seat ? AckOf(seat) : null;
    }

    public async Task<bool> Pay(SeatAck seat, string paymentId)
    {
        var payment = new Payment { SeatId = seat.SeatId, PaymentId = paymentId, AmountFen = seat.PriceFen };
        return (await Ask(() => grains.GetGrain<ITeamGrain>(seat.TeamId).Pay(payment))).Outcome is Outcome.Done or Outcome.Repeated;
    }

    private static SeatAck AckOf(SeatView seat) => new(seat.TeamId, seat.SeatId, seat.ShopperId, seat.PriceFen);

    // Of a call that waits for a grain's place until it is too late, Orleans says that it was cancelled.
    private static bool IsAway(Exception fault) =>
        fault is StoreUnavailableException or OverloadedException or TimeoutException or OrleansException or OperationCanceledException;
}
