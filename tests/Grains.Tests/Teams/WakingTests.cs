using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains.Tests.Teams;

/// <summary>The first requests after a restart, when everybody is still asleep.</summary>
public sealed class WakingTests
{
    private const int Members = 60;

    /// <summary>A late payment wakes the team, which asks its member; the member, who buys, wakes and asks the team whether that seat counts.</summary>
    [Fact]
    public async Task Teams_and_members_that_wake_and_ask_one_another_all_answer()
    {
        var journal = new MemoryJournal(deadlineShards: 2);
        var clock = new HandClock(ShopSettings.Opening);
        SeatView[] seats;
        await using (var evening = await Shop.Open(new ShopSettings { Journal = journal, Clock = clock }))
        {
            await evening.Publish("late", Offers.GroupBuy(3) with { SeatHoldSeconds = 60, UnitsPerShopper = 1 });
            seats = await Task.WhenAll(Enumerable.Range(0, Members).Select(async i =>
            {
                var team = (await evening.OpenTeam($"leader-{i}", "late")).Team!;
                await evening.Pay(team.Seats[0]);
                return await evening.Join($"member-{i}", team.TeamId);
            }));
            clock.Advance(TimeSpan.FromSeconds(60));
            await evening.Until(async () => !await evening.AnythingDue(), "the holds are released");
        }

        await using var morning = await Shop.Open(new ShopSettings { Journal = journal, Clock = clock });
        var asked = seats.SelectMany(seat => new Func<Task<Outcome>>[]
        {
            async () => (await morning.TryPay(seat)).Outcome,
            async () => (await morning.Shopper(seat.ShopperId).Buy(new BuyAlone { CampaignId = "late" })).Outcome,
        }).ToArray();
        var answers = await Task.WhenAll(asked.Select(Task.Run)).WaitAsync(Shop.Patience);

        // One unit for each: either the seat is taken anew or the purchase is made; a payment that came second goes back, and is done as well.
        Assert.All(answers.Where((_, i) => i % 2 == 0), outcome => Assert.Equal(Outcome.Done, outcome));
        Assert.All(answers.Where((_, i) => i % 2 == 1), outcome => Assert.True(outcome is Outcome.Done or Outcome.Refused, $"{outcome}"));
        var books = await morning.Audit();
        var units = books.Teams.Values.SelectMany(team => team.Seats.InOrder).Where(seat => seat.IsLive).Select(seat => seat.ShopperId)
            .Concat(books.Purchases.Values.Where(purchase => purchase.Status == Rules.PurchaseStatus.Held).Select(purchase => purchase.ShopperId));
        Assert.Equal(seats.Select(seat => seat.ShopperId).Order(), units.Where(shopper => shopper.StartsWith("member", StringComparison.Ordinal)).Order());
    }
}
