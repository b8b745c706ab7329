using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>The fake's bargains: the rules of a cut in their order, drawn from a seed.</summary>
internal sealed class FakeBargains(FakeWorld world)
{
    private sealed record Cutting(string HelperId, long CutFen, string Draw, JsonObject Receipt, DateTimeOffset At);

    private sealed class Bargain(string id, string campaignId, string ownerId, JsonObject settings, DateTimeOffset startedAt)
    {
        public string Id => id;
        public string CampaignId => campaignId;
        public string OwnerId => ownerId;
        public JsonObject Settings => settings;
        public DateTimeOffset StartedAt => startedAt;
        public DateTimeOffset ExpiresAt { get; } = startedAt.AddSeconds((double)settings["durationSeconds"]!);
        public byte[] Seed { get; } = SHA256.HashData(Encoding.UTF8.GetBytes($"seed of {id}"));
        public long Price { get; set; } = (long)settings["startPriceFen"]!;
        public long Floor => (long)Settings["floorPriceFen"]!;
        public string Status { get; set; } = "open";
        public DateTimeOffset? EndedAt { get; set; }
        public string? ClaimId { get; set; }
        public List<Cutting> Cuts { get; } = [];
        public bool Reserves => (string)Settings["stockPolicy"]! == "reserveAtStart";
        public string ProductId => (string)Settings["product"]!["id"]!;
        public string Commitment => Convert.ToHexStringLower(SHA256.HashData(Seed));
    }

    private readonly Dictionary<string, Bargain> _bargains = [];
    private readonly HashSet<string> _acted = [];

    public (int Held, int Sold) Taken(string campaignId)
    {
        var own = _bargains.Values.Where(b => b.CampaignId == campaignId).ToArray();
        return (own.Count(b => b.Status == "won" || (b.Status == "open" && b.Reserves)), own.Count(b => b.Status == "claimed"));
    }

    public void Sweep()
    {
        foreach (var bargain in _bargains.Values)
        {
            if (bargain.Status == "open" && world.Now >= bargain.ExpiresAt) End(bargain, "expired");
            else if (bargain.Status == "won" && world.Now >= bargain.EndedAt!.Value.AddSeconds((double)bargain.Settings["claimWithinSeconds"]!)) End(bargain, "lapsed");
        }
    }

    public FakeAnswer Start(string campaignId, string ownerId)
    {
        if (world.Settings(campaignId) is not { } settings) return FakeAnswer.Refuse(404, "campaignNotFound");
        if (_bargains.Values.FirstOrDefault(b => b.CampaignId == campaignId && b.OwnerId == ownerId && b.Status == "open") is { } open)
        {
            return FakeAnswer.Again(View(open));
        }

        if (world.Free(campaignId) == 0) return FakeAnswer.Refuse(409, "soldOut");
        var bargain = new Bargain(world.NewId("b-"), campaignId, ownerId, settings, world.Now);
        _bargains.Add(bargain.Id, bargain);
        _acted.Add(ownerId);
        world.Tell("bargain.started", campaignId, bargain.Id);
        return FakeAnswer.Made(View(bargain));
    }

    public FakeAnswer Read(string id) =>
        _bargains.TryGetValue(id, out var bargain) ? FakeAnswer.Ok(View(bargain)) : FakeAnswer.Refuse(404, "bargainNotFound");

    public FakeAnswer Cuts(string id, string? after)
    {
        if (!_bargains.TryGetValue(id, out var bargain)) return FakeAnswer.Refuse(404, "bargainNotFound");

        // Small pages, so that paging is used.
        const int Limit = 3;
        var from = after is null ? 0 : int.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
        var items = bargain.Cuts.Skip(from).Take(Limit).Select(c => c.Receipt.DeepClone()).ToArray();
        var page = new JsonObject { ["items"] = new JsonArray(items) };
        if (from + Limit < bargain.Cuts.Count) page["next"] = $"{from + Limit}";
        return FakeAnswer.Ok(page);
    }

    public FakeAnswer Cut(string id, string helperId, string? via)
    {
        if (!_bargains.TryGetValue(id, out var bargain)) return FakeAnswer.Refuse(404, "bargainNotFound");
        if (bargain.Cuts.Find(c => c.HelperId == helperId) is { } known) return FakeAnswer.Again(known.Receipt.DeepClone());
        if (bargain.OwnerId == helperId) return FakeAnswer.Refuse(409, "ownBargain");
        if (bargain.Status == "cancelled") return FakeAnswer.Refuse(410, "bargainCancelled");
        if (bargain.Status == "expired") return FakeAnswer.Refuse(410, "bargainExpired");
        if (bargain.Status != "open") return FakeAnswer.Refuse(409, bargain.Status == "soldOut" ? "bargainSoldOut" : "bargainWon");
        if (_bargains.Values.Any(b => b.OwnerId == bargain.OwnerId && b.ProductId == bargain.ProductId && b.Cuts.Exists(c => c.HelperId == helperId)))
        {
            return FakeAnswer.Refuse(409, "helpedOwnerOnProductBefore");
        }

        if (Used(helperId) >= 3) return FakeAnswer.Refuse(409, "dailyHelpLimitReached");
        return FakeAnswer.Made(Accept(bargain, helperId, via).DeepClone());
    }

    public FakeAnswer Claim(string id, string shopperId, bool atCurrentPrice)
    {
        if (!_bargains.TryGetValue(id, out var bargain) || bargain.OwnerId != shopperId) return FakeAnswer.Refuse(404, "bargainNotFound");
        var repeat = bargain.Status == "claimed";
        var early = atCurrentPrice && bargain.Status == "open" && (bool)bargain.Settings["buyBeforeFloor"]!;
        if (!repeat && bargain.Status != "won" && !early) return FakeAnswer.Refuse(409, "notWon");
        if (!repeat)
        {
            bargain.ClaimId = $"claim-{id}";
            End(bargain, "claimed");
        }

        var claim = new JsonObject { ["claimId"] = bargain.ClaimId, ["bargainId"] = id, ["priceFen"] = bargain.Price, ["at"] = bargain.EndedAt };
        return repeat ? FakeAnswer.Again(claim) : FakeAnswer.Made(claim);
    }

    public FakeAnswer Cancel(string id, string shopperId)
    {
        if (!_bargains.TryGetValue(id, out var bargain) || bargain.OwnerId != shopperId) return FakeAnswer.Refuse(404, "bargainNotFound");
        if (bargain.Status != "open") return FakeAnswer.Refuse(409, "bargainOver");
        End(bargain, "cancelled");
        return FakeAnswer.Ok(View(bargain));
    }

    public FakeAnswer Fairness(string id)
    {
        if (!_bargains.TryGetValue(id, out var bargain)) return FakeAnswer.Refuse(404, "bargainNotFound");
        var answer = new JsonObject { ["bargainId"] = id, ["commitment"] = bargain.Commitment, ["policy"] = bargain.Settings["cut"]!.DeepClone() };
        if (bargain.Status == "open") return FakeAnswer.Ok(answer);
        answer["seed"] = Convert.ToHexStringLower(bargain.Seed);
        answer["draws"] = new JsonArray([.. bargain.Cuts.Select((c, i) => new JsonObject
        {
            ["cutNumber"] = i + 1, ["helperId"] = c.HelperId, ["draw"] = c.Draw, ["cutFen"] = c.CutFen,
        })]);
        return FakeAnswer.Ok(answer);
    }

    public FakeAnswer Me(string shopperId) => FakeAnswer.Ok(new JsonObject { ["shopperId"] = shopperId, ["helpsToday"] = HelpsToday(shopperId) });

    private JsonObject Accept(Bargain bargain, string helperId, string? via)
    {
        var isNew = _acted.Add(helperId) && !world.Existing.Contains(helperId);
        var number = bargain.Cuts.Count + 1;
        var draw = HMACSHA256.HashData(bargain.Seed, Encoding.UTF8.GetBytes($"{bargain.Id}|{number}|{helperId}"));
        var fen = Amount(bargain, number, draw, isNew);
        bargain.Price -= fen;
        var won = bargain.Price == bargain.Floor;
        var soldOut = won && !bargain.Reserves && world.Free(bargain.CampaignId) == 0;
        var receipt = new JsonObject
        {
            ["bargainId"] = bargain.Id, ["helperId"] = helperId, ["cutNumber"] = number, ["cutFen"] = fen, ["priceFen"] = bargain.Price,
            ["remainingFen"] = bargain.Price - bargain.Floor, ["newShopper"] = isNew, ["depth"] = via is null ? 0 : 1, ["at"] = world.Now,
            ["bargainStatus"] = soldOut ? "soldOut" : won ? "won" : "open",
        };
        bargain.Cuts.Add(new Cutting(helperId, fen, Convert.ToHexStringLower(draw), receipt, world.Now));
        receipt["helpsToday"] = HelpsToday(helperId);
        world.Tell("bargain.cut", bargain.CampaignId, bargain.Id, new JsonObject { ["helperId"] = helperId, ["cutFen"] = fen });
        if (won) End(bargain, soldOut ? "soldOut" : "won");
        return receipt;
    }

    private static long Amount(Bargain bargain, int number, byte[] draw, bool isNew)
    {
        var left = bargain.Price - bargain.Floor;
        var cut = bargain.Settings["cut"]!;
        if ((string)cut["policy"]! == "headcount")
        {
            var helpersLeft = (int)cut["helpers"]! - number + 1;
            return helpersLeft == 1 ? left : Math.Max(1, left / helpersLeft);
        }

        var range = cut[isNew ? "new" : "existing"]!;
        var (min, max) = ((long)range["minFen"]!, (long)range["maxFen"]!);
        var drawn = min + (long)(((UInt128)BinaryPrimitives.ReadUInt64BigEndian(draw) * (ulong)(max - min + 1)) >> 64);
        return Math.Min(drawn, left);
    }

    private void End(Bargain bargain, string status)
    {
        bargain.Status = status;
        bargain.EndedAt = world.Now;
        world.Tell($"bargain.{status}", bargain.CampaignId, bargain.Id);
    }

    private int Used(string shopperId)
    {
        var midnight = Midnight();
        return _bargains.Values.Sum(b => b.Cuts.Count(c => c.HelperId == shopperId && c.At >= midnight));
    }

    private DateTimeOffset Midnight() => new(world.Now.ToOffset(TimeSpan.FromHours(8)).Date, TimeSpan.FromHours(8));

    private JsonObject HelpsToday(string shopperId) =>
        new() { ["used"] = Used(shopperId), ["limit"] = 3, ["resetsAt"] = Midnight().AddDays(1).ToUniversalTime() };

    private JsonObject View(Bargain bargain)
    {
        var view = new JsonObject
        {
            ["bargainId"] = bargain.Id, ["campaignId"] = bargain.CampaignId, ["ownerId"] = bargain.OwnerId, ["status"] = bargain.Status,
            ["startPriceFen"] = (long)bargain.Settings["startPriceFen"]!, ["floorPriceFen"] = bargain.Floor, ["priceFen"] = bargain.Price,
            ["remainingFen"] = bargain.Price - bargain.Floor, ["cutCount"] = bargain.Cuts.Count, ["startedAt"] = bargain.StartedAt,
            ["expiresAt"] = bargain.ExpiresAt, ["endedAt"] = bargain.EndedAt, ["claimId"] = bargain.ClaimId, ["version"] = world.VersionOf(bargain.Id),
            ["fairness"] = new JsonObject { ["commitment"] = bargain.Commitment }, ["product"] = bargain.Settings["product"]!.DeepClone(),
        };
        if ((int?)bargain.Settings["cut"]!["helpers"] is { } helpers)
        {
            view["cutsNeeded"] = new JsonObject { ["least"] = helpers - bargain.Cuts.Count, ["most"] = helpers - bargain.Cuts.Count };
        }

        return view;
    }
}
