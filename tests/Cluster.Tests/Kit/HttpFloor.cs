using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Cluster.Tests;

/// <summary>
/// Over HTTP, as a shop's server makes its requests: the silos in turn; where one does not answer, or says that it can't, the next one is
/// asked, and the silent one not for some seconds.
/// </summary>
internal sealed class HttpFloor(IEnumerable<Uri> addresses) : IShopFloor, IDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private volatile Door[] _doors = [.. addresses.Select(address => new Door(address))];
    private int _turn;

    /// <summary>One silo more to ask.</summary>
    public void Add(Uri address) => _doors = [.. _doors, new Door(address)];

    public async Task Publish(string campaignId, CampaignDefinition campaign)
    {
        // The edge's own names for the settings: of the same shape, and with the same members.
        var settings = new Dictionary<string, object?>
        {
            ["kind"] = campaign.Kind == CampaignKind.Bargain ? "bargain" : "groupBuy",
            ["product"] = new { id = campaign.Product!.Id, title = campaign.Product.Title },
            ["endsAt"] = campaign.EndsAt,
            ["stock"] = campaign.Stock,
        };
        if (campaign.Kind == CampaignKind.Bargain)
        {
            settings["listPriceFen"] = campaign.ListPriceFen;
            settings["cut"] = new { policy = "headcount", helpers = campaign.Cut!.Helpers };
        }
        else
        {
            settings["soloPriceFen"] = campaign.SoloPriceFen;
            settings["teamPriceFen"] = campaign.TeamPriceFen;
            settings["teamSize"] = campaign.TeamSize;
        }

        var reply = await Ask(api => api.Put($"/v1/campaigns/{campaignId}", settings));
        Assert.True(reply.Status is 200 or 201, reply.Text);
    }

    public async Task<string> Start(string campaignId, string owner) =>
        Taken(await Ask(api => api.Post($"/v1/campaigns/{campaignId}/bargains", owner, new { })))["bargainId"].GetString()!;

    public async Task<CutAck?> Help(string bargainId, string helper)
    {
        var reply = await Ask(api => api.Post($"/v1/bargains/{bargainId}/cuts", helper, new { }));
        if (reply.Status >= 400) return null;
        return new CutAck(reply["cutNumber"].GetInt32(), reply["cutFen"].GetInt64(), reply["priceFen"].GetInt64(), reply["bargainStatus"].GetString() == "won");
    }

    public async Task<string?> Claim(string bargainId, string owner)
    {
        var reply = await Ask(api => api.Post($"/v1/bargains/{bargainId}/claim", owner, new { }));
        return reply.Status < 400 ? reply["claimId"].GetString() : null;
    }

    public async Task<SeatAck> Open(string campaignId, string leader)
    {
        var reply = Taken(await Ask(api => api.Post($"/v1/campaigns/{campaignId}/teams", leader, new { }, key: "open-" + leader)));
        var seat = reply["seat"];
        return new SeatAck(reply["teamId"].GetString()!, seat.GetProperty("seatId").GetString()!, leader, seat.GetProperty("priceFen").GetInt64());
    }

    public async Task<SeatAck?> Join(string teamId, string shopper)
    {
        var reply = await Ask(api => api.Post($"/v1/teams/{teamId}/seats", shopper, new { }));
        return reply.Status < 400 ? new SeatAck(teamId, reply["seatId"].GetString()!, shopper, reply["priceFen"].GetInt64()) : null;
    }

    public async Task<bool> Pay(SeatAck seat, string paymentId) =>
        (await Ask(api => api.Post($"/v1/teams/{seat.TeamId}/seats/{seat.SeatId}/payment", body: new { paymentId, amountFen = seat.PriceFen }))).Status < 400;

    public void Dispose()
    {
        foreach (var door in _doors) door.Api.Dispose();
    }

    private static HttpReply Taken(HttpReply reply)
    {
        Assert.True(reply.Status is 200 or 201, $"{reply.Status} {reply.Text}");
        return reply;
    }

    private async Task<HttpReply> Ask(Func<ShopApi, Task<HttpReply>> ask)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string missing;
            var door = Next();
            try
            {
                var reply = await ask(door.Api);
                // A fault of the engine itself is nothing that a caller should live with.
                Assert.True(reply.Status is < 500 or 503, $"{reply.Status} {reply.Text}");
                if (reply.Status != 503) return reply;
                missing = reply.Text;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                // Gone, going, or frozen.
                door.IsSilent();
                missing = away.Message;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Play.Patience) throw new TimeoutException($"Nobody answered for good: {missing}");
            await Task.Delay(Pause);
        }
    }

    private Door Next()
    {
        var doors = _doors;
        for (var tries = 1; ; tries++)
        {
            var door = doors[(int)((uint)Interlocked.Increment(ref _turn) % (uint)doors.Length)];
            if (tries > doors.Length || !door.IsAvoided) return door;
        }
    }

    private sealed class Door(Uri address)
    {
        private long _silentSince;

        public ShopApi Api { get; } = new([address], AnswerPatience);

        public bool IsAvoided => Volatile.Read(ref _silentSince) is not 0 and var since && TimeProvider.System.GetElapsedTime(since) < Avoidance;

        public void IsSilent() => Volatile.Write(ref _silentSince, TimeProvider.System.GetTimestamp());
    }
}
