using System.Text.Json.Nodes;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>The fake's teams: held and paid seats, forming, failing, refunds, buying alone.</summary>
internal sealed class FakeTeams(FakeWorld world)
{
    private sealed class Seat(string id, string shopperId, long price, DateTimeOffset hold)
    {
        public string Id => id;
        public string ShopperId => shopperId;
        public long Price => price;
        public DateTimeOffset Hold => hold;
        public string Status { get; set; } = "held";
        public string? PaymentId { get; set; }
        public string? RefundReason { get; set; }
        public bool RefundConfirmed { get; set; }
    }

    private sealed class Team(string id, string campaignId, string leaderId, JsonObject settings, DateTimeOffset openedAt)
    {
        public string Id => id;
        public string CampaignId => campaignId;
        public string LeaderId => leaderId;
        public JsonObject Settings => settings;
        public DateTimeOffset OpenedAt => openedAt;
        public DateTimeOffset ExpiresAt { get; } = openedAt.AddSeconds((double)settings["durationSeconds"]!);
        public int Size => (int)Settings["teamSize"]!;
        public string Status { get; set; } = "open";
        public List<Seat> Seats { get; } = [];
        public int Taken => Seats.Count(s => s.Status is "held" or "paid" or "confirmed");
    }

    private sealed class Purchase(string id, string campaignId, string shopperId, long price, DateTimeOffset hold)
    {
        public string Id => id;
        public string CampaignId => campaignId;
        public string ShopperId => shopperId;
        public long Price => price;
        public DateTimeOffset Hold => hold;
        public string Status { get; set; } = "held";
    }

    private readonly Dictionary<string, Team> _teams = [];
    private readonly Dictionary<string, Purchase> _purchases = [];

    public (int Held, int Sold) Taken(string campaignId)
    {
        var seats = _teams.Values.Where(t => t.CampaignId == campaignId).SelectMany(t => t.Seats).ToArray();
        var alone = _purchases.Values.Where(p => p.CampaignId == campaignId).ToArray();
        return (seats.Count(s => s.Status is "held" or "paid") + alone.Count(p => p.Status == "held"),
            seats.Count(s => s.Status == "confirmed") + alone.Count(p => p.Status == "paid"));
    }

    public void Sweep()
    {
        foreach (var team in _teams.Values.Where(t => t.Status == "open"))
        {
            foreach (var seat in team.Seats.Where(s => s.Status == "held" && world.Now >= s.Hold)) Release(team, seat);
            if (world.Now < team.ExpiresAt) continue;
            team.Status = "failed";
            world.Tell("team.failed", team.CampaignId, team.Id);
            foreach (var seat in team.Seats.Where(s => s.Status == "held")) Release(team, seat);
            foreach (var seat in team.Seats.Where(s => s.Status == "paid")) AskRefund(team, seat, "teamFailed");
        }

        foreach (var purchase in _purchases.Values.Where(p => p.Status == "held" && world.Now >= p.Hold)) purchase.Status = "released";
    }

    public FakeAnswer Open(string campaignId) => FakeAnswer.Ok(new JsonObject
    {
        ["items"] = new JsonArray([.. _teams.Values.Where(t => t.CampaignId == campaignId && t.Status == "open" && t.Taken < t.Size).Select(View)]),
    });

    public FakeAnswer Start(string campaignId, string leaderId)
    {
        if (world.Settings(campaignId) is not { } settings) return FakeAnswer.Refuse(404, "campaignNotFound");
        if (Refusal(campaignId, leaderId) is { } refusal) return refusal;
        var team = new Team(world.NewId("t-"), campaignId, leaderId, settings, world.Now);
        _teams.Add(team.Id, team);
        world.Tell("team.opened", campaignId, team.Id);
        NewSeat(team, leaderId);
        return FakeAnswer.Made(View(team));
    }

    public FakeAnswer Read(string id) => _teams.TryGetValue(id, out var team) ? FakeAnswer.Ok(View(team)) : FakeAnswer.Refuse(404, "teamNotFound");

    public FakeAnswer Join(string id, string shopperId, string? via)
    {
        if (!_teams.TryGetValue(id, out var team)) return FakeAnswer.Refuse(404, "teamNotFound");
        if (team.Seats.Find(s => s.ShopperId == shopperId && s.Status is "held" or "paid" or "confirmed") is { } own)
        {
            return FakeAnswer.Again(View(team, own));
        }

        if (team.Status == "formed") return FakeAnswer.Refuse(409, "teamFormed");
        if (team.Status == "failed") return FakeAnswer.Refuse(410, "teamFailed");
        if (team.Taken >= team.Size) return FakeAnswer.Refuse(409, "teamFull");
        if ((string)team.Settings["join"]! == "invitedOnly" && via is null) return FakeAnswer.Refuse(409, "notInvited");
        if (Refusal(team.CampaignId, shopperId) is { } refusal) return refusal;
        return FakeAnswer.Made(View(team, NewSeat(team, shopperId)));
    }

    public FakeAnswer Leave(string id, string seatId, string shopperId)
    {
        if (Find(id, seatId) is not var (team, seat) || seat.ShopperId != shopperId) return FakeAnswer.Refuse(404, "seatNotFound");
        if (team.Status != "open" || seat.Status is not ("held" or "paid")) return FakeAnswer.Refuse(409, "teamOver");
        var paid = seat.Status == "paid";
        seat.Status = "left";
        Tell("seat.left", team, seat);
        if (paid) AskRefund(team, seat, "left");
        return new FakeAnswer(204, null);
    }

    public FakeAnswer Pay(string id, string seatId, string paymentId, long amountFen)
    {
        if (Find(id, seatId) is not var (team, seat)) return FakeAnswer.Refuse(404, "seatNotFound");
        if (seat.PaymentId == paymentId) return FakeAnswer.Again(View(team, seat));
        if (amountFen != seat.Price) return FakeAnswer.Refuse(409, "anotherAmount");
        seat.PaymentId = paymentId;
        if (team.Status != "open" || (seat.Status != "held" && (team.Taken >= team.Size || Refusal(team.CampaignId, seat.ShopperId) is not null)))
        {
            AskRefund(team, seat, "late");
            return FakeAnswer.Ok(View(team, seat));
        }

        seat.Status = "paid";
        Tell("seat.paid", team, seat);
        if (team.Seats.Count(s => s.Status == "paid") == team.Size)
        {
            team.Status = "formed";
            world.Tell("team.formed", team.CampaignId, team.Id);
            foreach (var member in team.Seats.Where(s => s.Status == "paid"))
            {
                member.Status = "confirmed";
                Tell("seat.confirmed", team, member);
            }
        }

        return FakeAnswer.Ok(View(team, seat));
    }

    public FakeAnswer Refund(string id, string seatId)
    {
        if (Find(id, seatId) is not var (team, seat) || seat.RefundReason is null) return FakeAnswer.Refuse(404, "refundNotFound");
        if (seat.RefundConfirmed) return FakeAnswer.Again(View(team, seat));
        seat.RefundConfirmed = true;
        Tell("refund.confirmed", team, seat);
        return FakeAnswer.Ok(View(team, seat));
    }

    public FakeAnswer Buy(string campaignId, string shopperId)
    {
        if (world.Settings(campaignId) is not { } settings) return FakeAnswer.Refuse(404, "campaignNotFound");
        if (Refusal(campaignId, shopperId) is { } refusal) return refusal;
        var hold = world.Now.AddSeconds((double)settings["seatHoldSeconds"]!);
        var purchase = new Purchase(world.NewId("p-"), campaignId, shopperId, (long)settings["soloPriceFen"]!, hold);
        _purchases.Add(purchase.Id, purchase);
        return FakeAnswer.Made(View(purchase));
    }

    public FakeAnswer PayPurchase(string id, long amountFen)
    {
        if (!_purchases.TryGetValue(id, out var purchase)) return FakeAnswer.Refuse(404, "purchaseNotFound");
        if (amountFen != purchase.Price) return FakeAnswer.Refuse(409, "anotherAmount");
        if (purchase.Status == "paid") return FakeAnswer.Again(View(purchase));
        if (purchase.Status != "held") return FakeAnswer.Refuse(409, "purchaseReleased");
        purchase.Status = "paid";
        world.Tell("purchase.paid", purchase.CampaignId, purchase.Id);
        return FakeAnswer.Ok(View(purchase));
    }

    private FakeAnswer? Refusal(string campaignId, string shopperId)
    {
        var units = _teams.Values.Where(t => t.CampaignId == campaignId).SelectMany(t => t.Seats)
            .Count(s => s.ShopperId == shopperId && s.Status is "held" or "paid" or "confirmed")
            + _purchases.Values.Count(p => p.CampaignId == campaignId && p.ShopperId == shopperId && p.Status is "held" or "paid");
        if (units >= (int)world.Settings(campaignId)!["unitsPerShopper"]!) return FakeAnswer.Refuse(409, "unitLimitReached");
        return world.Free(campaignId) == 0 ? FakeAnswer.Refuse(409, "soldOut") : null;
    }

    private Seat NewSeat(Team team, string shopperId)
    {
        var hold = world.Now.AddSeconds((double)team.Settings["seatHoldSeconds"]!);
        var seat = new Seat(world.NewId("s-"), shopperId, (long)team.Settings["teamPriceFen"]!, hold);
        team.Seats.Add(seat);
        Tell("seat.held", team, seat);
        return seat;
    }

    private (Team Team, Seat Seat)? Find(string id, string seatId) =>
        _teams.TryGetValue(id, out var team) && team.Seats.Find(s => s.Id == seatId) is { } seat ? (team, seat) : null;

    private void Release(Team team, Seat seat)
    {
        seat.Status = "released";
        Tell("seat.released", team, seat);
    }

    private void AskRefund(Team team, Seat seat, string reason)
    {
        if (seat.Status == "paid") seat.Status = "refunded";
        seat.RefundReason = reason;
        Tell("refund.requested", team, seat);
    }

    private void Tell(string type, Team team, Seat seat) =>
        world.Tell(type, team.CampaignId, team.Id, new JsonObject { ["teamId"] = team.Id, ["seatId"] = seat.Id, ["shopperId"] = seat.ShopperId });

    private JsonObject View(Team team) => new()
    {
        ["teamId"] = team.Id, ["campaignId"] = team.CampaignId, ["leaderId"] = team.LeaderId, ["status"] = team.Status, ["size"] = team.Size,
        ["paid"] = team.Seats.Count(s => s.Status is "paid" or "confirmed"), ["held"] = team.Seats.Count(s => s.Status == "held"),
        ["free"] = team.Size - team.Taken, ["priceFen"] = (long)team.Settings["teamPriceFen"]!, ["openedAt"] = team.OpenedAt,
        ["expiresAt"] = team.ExpiresAt, ["seats"] = new JsonArray([.. team.Seats.Select(s => View(team, s))]), ["version"] = world.VersionOf(team.Id),
    };

    private JsonObject View(Team team, Seat seat)
    {
        var view = new JsonObject
        {
            ["seatId"] = seat.Id, ["teamId"] = team.Id, ["shopperId"] = seat.ShopperId, ["status"] = seat.Status, ["priceFen"] = seat.Price,
            ["holdExpiresAt"] = seat.Hold,
        };
        if (seat.RefundReason is { } reason)
        {
            view["refund"] = new JsonObject { ["reason"] = reason, ["requestedAt"] = world.Now };
            if (seat.RefundConfirmed) view["refund"]!["confirmedAt"] = world.Now;
        }

        return view;
    }

    private static JsonObject View(Purchase purchase) => new()
    {
        ["purchaseId"] = purchase.Id, ["campaignId"] = purchase.CampaignId, ["shopperId"] = purchase.ShopperId, ["status"] = purchase.Status,
        ["priceFen"] = purchase.Price, ["holdExpiresAt"] = purchase.Hold,
    };
}
