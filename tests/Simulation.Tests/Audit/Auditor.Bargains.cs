using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Simulation.Tests;

/// <summary>Bargains and helps as they are written.</summary>
internal sealed partial class Auditor
{
    private void EnterBargain(string id, short kind, Fact fact)
    {
        if (kind == 100)
        {
            EnterStart(id, fact);
            return;
        }

        if (!Bargains.TryGetValue(id, out var bargain))
        {
            Broken($"{id} goes on without having started");
            return;
        }

        var (held, sold, before) = (bargain.HeldUnits, bargain.SoldUnits, bargain.Status);
        Check(!bargain.IsOver, $"{id} is {before}, which is final, and goes on with {PublicTypes.Of(kind)}");
        switch (kind)
        {
            case 101:
                EnterCut(bargain, fact);
                break;
            case 102:
                Check(before == BargainStatus.Open && bargain.PriceFen == bargain.Terms.FloorPriceFen, $"{id} was won at {bargain.PriceFen}, {before}");
                Check(fact.ClaimBefore == fact.At.AddSeconds(bargain.Terms.ClaimWithinSeconds), $"{id} was won at {fact.At:O}, to be claimed before {fact.ClaimBefore:O}");
                bargain.Status = BargainStatus.Won;
                bargain.ClaimBefore = fact.ClaimBefore;
                break;
            case 103:
                var mayBuy = before == BargainStatus.Open && bargain.Terms.BuyBeforeFloor && fact.At < bargain.ExpiresAt;
                Check(mayBuy || (before == BargainStatus.Won && fact.At < bargain.ClaimBefore), $"{id} was claimed at {fact.At:O} while {before}, until {bargain.ExpiresAt:O} or {bargain.ClaimBefore:O}");
                Check(fact.PriceFen == bargain.PriceFen, $"{id} costs {bargain.PriceFen} and was claimed for {fact.PriceFen}");
                bargain.ClaimId = fact.ClaimId;
                End(bargain, BargainStatus.Claimed, fact.At);
                break;
            case 104:
                Check(before == BargainStatus.Won && IsTime(bargain.ClaimBefore, fact.At), $"{id} lapsed at {fact.At:O} while {before} until {bargain.ClaimBefore:O}");
                End(bargain, BargainStatus.Lapsed, fact.At);
                break;
            case 105:
                Check(before == BargainStatus.Open && IsTime(bargain.ExpiresAt, fact.At), $"{id} expired at {fact.At:O} while {before} until {bargain.ExpiresAt:O}");
                End(bargain, BargainStatus.Expired, fact.At);
                break;
            case 106:
                Check(
                    before == BargainStatus.Open && !bargain.Terms.ReserveAtStart && bargain.PriceFen == bargain.Terms.FloorPriceFen,
                    $"{id} ended sold out while {before} at {bargain.PriceFen}, its unit {(bargain.Terms.ReserveAtStart ? "held" : "not held")}");
                End(bargain, BargainStatus.SoldOut, fact.At);
                break;
            case 107:
                Check(before == BargainStatus.Open && fact.At < bargain.ExpiresAt, $"{id} was cancelled at {fact.At:O} while {before} until {bargain.ExpiresAt:O}");
                End(bargain, BargainStatus.Cancelled, fact.At);
                break;
            default:
                Broken($"{id} has a fact of the unknown kind {kind}");
                break;
        }

        Move(bargain.Terms.CampaignId, bargain.HeldUnits - held, bargain.SoldUnits - sold);
        Turn(bargain);
    }

    private void EnterStart(string id, Fact fact)
    {
        var terms = fact.Terms!;
        Check(!Bargains.ContainsKey(id), $"{id} starts twice");
        Check(fact.ExpiresAt == fact.At.AddSeconds(terms.DurationSeconds), $"{id} starts at {fact.At:O} and expires at {fact.ExpiresAt:O}");
        var bargain = new BargainBook(id, fact.OwnerId, terms, fact.Seed) { ExpiresAt = fact.ExpiresAt };
        Bargains[id] = bargain;
        BargainsInOrder.Add(bargain);
        CheckEntry(terms.CampaignId, terms.DefinitionVersion, fact.At, id);
        CheckIsNew(fact.OwnerId, fact.NewShopper, id);
        Move(terms.CampaignId, bargain.HeldUnits, 0);
        Turn(bargain);
    }

    // Every cut can be recomputed by anybody, as contracts.md says how.
    private void EnterCut(BargainBook bargain, Fact fact)
    {
        var (id, terms) = (bargain.Id, bargain.Terms);
        var number = fact.CutNumber == 0 ? 0 : bargain.Helps + 1;
        var left = bargain.PriceFen - terms.FloorPriceFen;
        Check(bargain.Status == BargainStatus.Open && fact.At < bargain.ExpiresAt, $"{id} was cut at {fact.At:O} while {bargain.Status} until {bargain.ExpiresAt:O}");
        Check(fact.CutNumber == number, $"{id}: cut {fact.CutNumber} follows {bargain.Helps} helps");
        Check(fact.CutFen > 0 && fact.PriceFen == bargain.PriceFen - fact.CutFen, $"{id}: {bargain.PriceFen} less {fact.CutFen} gives {fact.PriceFen}");
        Check(fact.PriceFen >= terms.FloorPriceFen, $"{id}: a cut of {fact.CutFen} to {fact.PriceFen}, under the floor of {terms.FloorPriceFen}");
        var drawn = AmountOf(bargain, number, fact.HelperId, fact.NewShopper, left);
        Check(fact.CutFen == drawn, $"{id}: cut {number} is {fact.CutFen}, and its draw says {drawn}");
        CheckIsNew(fact.HelperId, fact.NewShopper, id);
        if (number > 0)
        {
            Check(fact.HelperId != bargain.OwnerId, $"{id}: its owner {fact.HelperId} helped");
            Check(bargain.CutOf(fact.HelperId) is null, $"{id}: {fact.HelperId} cut twice");
            Check(fact.HelpsUsed is > 0 and <= HelpsPerDay && fact.HelpsLimit == HelpsPerDay, $"{id}: {fact.HelperId}'s help {fact.HelpsUsed} of {fact.HelpsLimit} of the day");
            bargain.Helps++;
            if (!_helpsWithoutCut.Remove((id, fact.HelperId))) _cutsWithoutHelp.Add((id, fact.HelperId));
        }

        bargain.PriceFen = fact.PriceFen;
        bargain.Cuts.Add(new CutLine(number, fact.HelperId, fact.CutFen, fact.PriceFen, fact.NewShopper, fact.Via?.Depth ?? 0, fact.At, fact.HelpsUsed, fact.HelpsResetAt));
    }

    private static long AmountOf(BargainBook bargain, int number, string helperId, bool isNew, long left)
    {
        var message = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bargain.Id}|{number}|{helperId}"));
        var u = BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(Convert.FromHexString(bargain.Seed), message));
        if (number == 0) return Uniform(bargain.Terms.OwnerCut!.MinFen, bargain.Terms.OwnerCut.MaxFen);
        var cut = bargain.Terms.Cut!;
        switch (cut.Kind)
        {
            case "fixed":
                return Math.Min(left, cut.CutFen);
            case "amounts":
                var band = isNew ? cut.New! : cut.Existing!;
                return Math.Min(left, Uniform(band.MinFen, band.MaxFen));
            default:
                var cuts = cut.Helpers - number + 1;
                if (cuts == 1) return left;
                var weight = isNew ? cut.NewShopperWeightMilli : 1000;
                var most = Math.Min((long)((Int128)2 * left * weight / (1000 * (Int128)cuts)) - cut.MinCutFen, left - ((cuts - 1) * cut.MinCutFen));
                return Uniform(cut.MinCutFen, Math.Max(cut.MinCutFen, most));
        }

        long Uniform(long min, long max) => min + (long)(((UInt128)u * (ulong)(max - min + 1)) >> 64);
    }

    private void CheckBargain(BargainBook bargain)
    {
        var atFloor = bargain.PriceFen == bargain.Terms.FloorPriceFen;
        var sum = bargain.Cuts.Sum(cut => cut.CutFen);
        Check(bargain.Terms.StartPriceFen == bargain.PriceFen + sum, $"{bargain.Id}: {bargain.Terms.StartPriceFen} at the start, {bargain.PriceFen} now, {sum} cut");
        Check(!(atFloor && bargain.Status == BargainStatus.Open), $"{bargain.Id} is at the floor and not won");
        if (bargain.Terms.Cut!.Kind != "headcount") return;
        Check(
            atFloor ? bargain.Helps == bargain.Terms.Cut.Helpers : bargain.Helps < bargain.Terms.Cut.Helpers,
            $"{bargain.Id} is at {bargain.PriceFen} with {bargain.Helps} helps of {bargain.Terms.Cut.Helpers}");
    }

    private void EnterShopper(string id, short kind, Fact fact)
    {
        var shopper = ShopperOf(id);
        shopper.Version++;
        _touchedShoppers.Add(shopper);
        switch (kind)
        {
            case 30:
                EnterHelp(shopper, fact);
                break;
            case 31:
                EnterOwnStart(shopper, fact);
                break;
            case 32:
                EnterUnit(shopper, fact.CampaignId, fact.TeamId, fact.SeatId);
                break;
            case 33:
                EnterUnit(shopper, fact.CampaignId, fact.PurchaseId, "");
                break;
        }
    }

    private void EnterHelp(ShopperBook shopper, Fact fact)
    {
        Check(shopper.Helped.Add((fact.OwnerId, fact.ProductId)), $"{shopper.Id} helped {fact.OwnerId} on {fact.ProductId} twice, now with {fact.BargainId}");
        var helps = shopper.Helps[fact.Day] = shopper.Helps.GetValueOrDefault(fact.Day) + 1;
        Check(helps <= HelpsPerDay, $"{shopper.Id} helped {helps} times on {fact.Day:O}");
        Check(fact.Day >= shopper.LastDay, $"{shopper.Id}'s help counts on {fact.Day:O}, after one of {shopper.LastDay:O}");
        // Its own day; or the last help's, where another clock had it be tomorrow already: a day that has begun for a shopper does not go back.
        Check(
            fact.Day == DayOf(fact.At) || (fact.Day == shopper.LastDay && fact.Day > DayOf(fact.At) && fact.Day <= DayOf(fact.At + Skew + Skew)),
            $"{shopper.Id}'s help of {fact.At:O} counts on {fact.Day:O}, its last one on {shopper.LastDay:O}");
        shopper.LastDay = fact.Day;
        if (!_cutsWithoutHelp.Remove((fact.BargainId, shopper.Id))) _helpsWithoutCut.Add((fact.BargainId, shopper.Id));
        if (!Bargains.TryGetValue(fact.BargainId, out var bargain)) return;
        Check(bargain.OwnerId == fact.OwnerId && bargain.Terms.ProductId == fact.ProductId, $"{shopper.Id}'s help of {fact.BargainId} names {fact.OwnerId} and {fact.ProductId}");
        if (bargain.CutOf(shopper.Id) is not { } cut) return;
        Check(
            cut.Used == helps && cut.ResetsAt == EndOf(fact.Day) && cut.At == fact.At,
            $"{shopper.Id}'s help {helps} of {fact.Day:O} at {fact.At:O} is help {cut.Used} at {cut.At:O} on its cut, the day to end at {cut.ResetsAt:O}");
    }

    private void EnterOwnStart(ShopperBook shopper, Fact fact)
    {
        if (!shopper.Starts.TryGetValue(fact.CampaignId, out var starts)) shopper.Starts[fact.CampaignId] = starts = [];
        if (!Bargains.TryGetValue(fact.BargainId, out var bargain))
        {
            Broken($"{shopper.Id} started {fact.BargainId}, which is not there");
            return;
        }

        var open = starts.Find(other => other.Status == BargainStatus.Open && fact.At < other.ExpiresAt);
        Check(open is null, $"{shopper.Id} starts {fact.BargainId} while {open!.Id} is open");
        starts.Add(bargain);
        Check(starts.Count <= (bargain.Terms.StartsPerShopper ?? int.MaxValue), $"{shopper.Id} started {starts.Count} bargains of {fact.CampaignId}");
    }

    /// <summary>A start needs a campaign that was published and had begun; whether it was open to new ones when it was asked for is the answers' business.</summary>
    private void CheckEntry(string campaignId, int definitionVersion, DateTimeOffset at, string id)
    {
        var campaign = Campaigns.GetValueOrDefault(campaignId);
        Check(campaign?.Terms is not null, $"{id} is of a campaign {campaignId} that does not exist");
        if (campaign?.Terms is null) return;
        Check(definitionVersion <= campaign.DefinitionVersion, $"{id} runs under definition {definitionVersion} of {campaign.DefinitionVersion}");
        if (definitionVersion < campaign.DefinitionVersion) return;
        Check(at >= campaign.Terms.StartsAt && at < campaign.Terms.EndsAt, $"{id} began at {at:O}, outside of {campaign.Terms.StartsAt:O} to {campaign.Terms.EndsAt:O}");
    }

    /// <summary>New until the first accepted act: until there is anything on the shopper's record before this unit.</summary>
    private void CheckIsNew(string shopperId, bool saysNew, string id)
    {
        var isNew = ShopperOf(shopperId).VersionBefore == 0;
        Check(saysNew == isNew, $"{id} takes {shopperId} for {(saysNew ? "new" : "existing")}, who is {(isNew ? "new" : "existing")}");
    }

    private ShopperBook ShopperOf(string id) => Shoppers.TryGetValue(id, out var shopper) ? shopper : Shoppers[id] = new ShopperBook(id);

    /// <summary>Nothing ends early, neither by the clock that ended it nor by the true time.</summary>
    private bool IsTime(DateTimeOffset due, DateTimeOffset at) => at >= due && Now + Skew >= due;

    private void End(BargainBook bargain, BargainStatus status, DateTimeOffset at)
    {
        bargain.Status = status;
        bargain.EndedAt = at;
    }

    private void Turn(BargainBook bargain)
    {
        bargain.Version++;
        bargain.History.Add((bargain.PriceFen, bargain.Helps, bargain.Status));
        _touchedBargains.Add(bargain);
    }
}
