namespace SocialCommerce.Simulation.Tests;

/// <summary>What holds when nothing is due any more.</summary>
internal sealed partial class Auditor
{
    public void CheckEnds()
    {
        foreach (var bargain in BargainsInOrder) Check(bargain.IsOver, $"{bargain.Id} is {bargain.Status} still, though nothing is due");
        foreach (var team in TeamsInOrder)
        {
            Check(team.Status != TeamStatus.Open, $"{team.Id} is open still, though nothing is due");
            foreach (var seat in team.Seats) CheckMoney(seat.Id, seat.Money, seat.Status == SeatStatus.Confirmed);
        }

        foreach (var purchase in PurchasesInOrder)
        {
            Check(purchase.Status != PurchaseStatus.Held, $"{purchase.Id} is held still, though nothing is due");
            CheckMoney(purchase.Id, purchase.Money, purchase.Status == PurchaseStatus.Paid);
        }

        foreach (var stock in Stocks.Values) Check(stock.Held == 0, $"stock of {stock.Id} has {stock.Held} held by nobody");
    }

    public IEnumerable<Money> PendingRefunds() =>
        TeamsInOrder.SelectMany(team => team.Seats.Select(seat => seat.Money)).Concat(PurchasesInOrder.Select(purchase => purchase.Money)).Where(money => money.RefundIsPending);

    public void AskedForAgain(Money money, int attempts) =>
        Check(money.Attempts > attempts, $"the refund of {money.PaymentId} was asked for {money.Attempts} times, and not again though nobody confirmed it");

    /// <summary>After the end whoever is asked knows it.</summary>
    public void IsNow(string id, int version, int shown) => Check(shown == version, $"{id} is shown at version {shown} after the end, and is at {version}");

    public void Figures(CampaignBook campaign, CampaignStatsView view)
    {
        foreach (var (type, count) in campaign.Funnel)
            Check(view.Funnel.GetValueOrDefault(type) == count, $"the figures of {campaign.Id} count {view.Funnel.GetValueOrDefault(type)} {type}, there were {count}");
        var cutFen = BargainsInOrder.Where(bargain => bargain.Terms.CampaignId == campaign.Id).Sum(bargain => bargain.Cuts.Sum(cut => cut.CutFen));
        Check(view.CutFen == cutFen, $"the figures of {campaign.Id} give away {view.CutFen}, and {cutFen} was cut");
        var paidFen = TeamsInOrder.Where(team => team.Terms.CampaignId == campaign.Id).SelectMany(team => team.Seats).Where(seat => seat.Money is { PaidFen: > 0 }).Sum(seat => seat.Money.PaidFen);
        Check(view.RefundedFen <= paidFen + PurchasesInOrder.Sum(purchase => purchase.Money.PaidFen), $"the figures of {campaign.Id} refund {view.RefundedFen}");
    }

    public void Proven(BargainBook bargain, FairnessView? fairness, CutPage? cuts)
    {
        Check(
            fairness is not null && fairness.Seed == bargain.Seed && fairness.Draws.Select(draw => draw.CutFen).SequenceEqual(bargain.Cuts.Select(cut => cut.CutFen)),
            $"{bargain.Id} has ended and does not prove its cuts");
        Check(
            cuts is not null && cuts.Items.Select(cut => (cut.HelperId, cut.CutFen, cut.PriceFen)).SequenceEqual(bargain.Cuts.Select(cut => (cut.HelperId, cut.CutFen, cut.PriceFen))),
            $"{bargain.Id} lists other cuts than it has");
    }

    public void Seen(string shopperId, ShopperView view)
    {
        var shopper = ShopperOf(shopperId);
        Check(view.HelpsToday is { Used: >= 0 and <= HelpsPerDay, Limit: HelpsPerDay } && (view.NewShopper || shopper.Version > 0), $"{shopperId} is shown as {view}");
        foreach (var bargain in view.Bargains) Seen(bargain);
        foreach (var team in view.Teams) Seen(team);
    }

    public void Seen(string campaignId, OpenTeamPage page)
    {
        foreach (var view in page.Items)
        {
            var team = Teams.GetValueOrDefault(view.TeamId);
            Check(
                team is not null && team.Terms.CampaignId == campaignId && team.Terms.Join != "invitedOnly" && view.Free > 0 && view.Free + view.Held + view.Paid == team.Size,
                $"{view} is listed as open in {campaignId}");
        }

        Check(
            page.Items.Zip(page.Items.Skip(1)).All(pair => (pair.First.Free, pair.First.ExpiresAt).CompareTo((pair.Second.Free, pair.Second.ExpiresAt)) <= 0),
            $"the open teams of {campaignId} are not fullest first, soonest deadline first");
    }

    // Every payment is exactly one seat or purchase, or one refund, and every refund was made.
    private void CheckMoney(string id, Money money, bool isKept)
    {
        if (money.PaymentId is null) return;
        Check(isKept || money.RefundFen == money.PaidFen, $"{id} was paid {money.PaidFen} for nothing, and {money.RefundFen} goes back");
        Check(!money.RefundIsPending, $"{id}'s refund waits still, though nothing is due");
    }
}
