using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace SocialCommerce.Rules.Tests.Properties;

/// <summary>
/// Shopper and stock decide nothing by themselves: other aggregates' decisions are written to them, within what they allow. So their
/// properties are about what they allow and what they fold to.
/// </summary>
public sealed class ShopperAndStockProperties
{
    private static readonly DateOnly Today = new(2026, 3, 1);

    [Fact]
    public void Stock_allows_just_those_moves_that_keep_every_count_at_nothing_or_more() => Holds(Moves, moves =>
    {
        var stock = StockState.Evolve(StockState.None, new StockSet { Total = 20 });
        foreach (var (held, sold) in moves)
        {
            var move = new StockMove(held, sold);
            // Who moves gives back no more than it has: the counts of held and sold are its own.
            if (stock.Held + held < 0 || stock.Sold + sold < 0) continue;
            if (!stock.CanMove(move))
            {
                Assert.Throws<InvalidOperationException>(() => StockState.Evolve(stock, new StockMoved { Held = held, Sold = sold }));
                continue;
            }

            var before = stock;
            stock = StockState.Evolve(stock, new StockMoved { Held = held, Sold = sold });
            Assert.Equal(stock.Total, stock.Free + stock.Held + stock.Sold);
            Assert.True(stock is { Free: >= 0, Held: >= 0, Sold: >= 0 });
            Assert.Equal(before.Free - move.Takes, stock.Free);
            Assert.Equal(before.Version + 1, stock.Version);
        }
    });

    [Fact]
    public void A_stock_can_be_set_just_to_those_totals_that_leave_nothing_below_nothing() => Holds(Moves, moves =>
    {
        foreach (var (held, sold) in moves.Where(move => move.Held >= 0 && move.Sold >= 0))
        {
            var stock = new StockState { Total = 20, Held = held, Sold = sold };
            for (var total = 0; total < 15; total++)
            {
                if (stock.CanSet(total)) Assert.True(StockState.Evolve(stock, new StockSet { Total = total }).Free >= 0);
                else Assert.Throws<InvalidOperationException>(() => StockState.Evolve(stock, new StockSet { Total = total }));
            }
        }
    });

    [Fact]
    public void What_is_put_back_leaves_the_stock_as_it_was() => Holds(Moves, moves =>
    {
        var stock = new StockState { Total = 100, Held = 20, Sold = 20 };
        foreach (var (held, sold) in moves)
        {
            var there = StockState.Evolve(stock, new StockMoved { Held = held, Sold = sold });
            Assert.Equal(stock with { Version = 2 }, StockState.Evolve(there, new StockMoved { Held = -held, Sold = -sold }));
        }
    });

    [Fact]
    public void A_shopper_that_was_packed_is_the_same_when_it_is_unpacked() => Holds(Acts, acts =>
    {
        var shopper = ShopperState.None;
        foreach (var act in acts.Prepend(null))
        {
            if (act is not null) shopper = ShopperState.Evolve(shopper, act);
            var buffer = new byte[PackedShopper.MaxBytes(shopper)];
            Assert.Equal(JsonSerializer.Serialize(shopper), JsonSerializer.Serialize(PackedShopper.Unpack(PackedShopper.Pack(shopper, buffer))));
        }
    });

    [Fact]
    public void A_shopper_that_is_not_new_is_never_new_again() => Holds(Acts, acts =>
    {
        var shopper = ShopperState.None;
        foreach (var act in acts)
        {
            shopper = ShopperState.Evolve(shopper, act);
            Assert.False(shopper.IsNew);
        }
    });

    [Fact]
    public void Helps_within_the_limit_of_the_counting_day_never_exceed_it_however_clocks_disagree() => Holds(Acts, acts =>
    {
        var shopper = ShopperState.None;
        var counted = new Dictionary<DateOnly, int>();
        foreach (var help in acts.OfType<ShopperHelped>())
        {
            var day = shopper.CountingDay(help.Day);
            if (shopper.UsedOn(day) >= 3) continue;
            Assert.Equal(shopper.UsedOn(day), shopper.UsedOn(help.Day));
            shopper = ShopperState.Evolve(shopper, help with { Day = day });
            counted[day] = counted.GetValueOrDefault(day) + 1;
            Assert.Equal(counted[day], shopper.UsedOn(day));
            Assert.InRange(counted[day], 1, 3);
        }
    });

    [Fact]
    public void A_help_that_is_written_again_is_remembered_once() => Holds(Acts, acts =>
    {
        var shopper = acts.Aggregate(ShopperState.None, ShopperState.Evolve);
        foreach (var help in acts.OfType<ShopperHelped>())
        {
            Assert.True(shopper.HasHelped(HelpMark.Of(help.OwnerId, help.ProductId)));
            Assert.Equal(shopper.Helped.AsEnumerable(), ShopperState.Evolve(shopper, help).Helped.AsEnumerable());
        }

        Assert.Equal(acts.OfType<ShopperHelped>().Select(help => help.OwnerId).Distinct().Count(), shopper.Helped.Length);
    });

    [Fact]
    public void A_shoppers_replay_equals_what_was_stored() => Holds(Acts, acts =>
    {
        var stored = acts.Select(act => (Type: act.GetType(), Json: JsonSerializer.Serialize(act, act.GetType()))).ToArray();
        var replayed = stored.Select(record => (ShopperEvent)JsonSerializer.Deserialize(record.Json, record.Type)!).Aggregate(ShopperState.None, ShopperState.Evolve);
        Assert.Equal(JsonSerializer.Serialize(acts.Aggregate(ShopperState.None, ShopperState.Evolve)), JsonSerializer.Serialize(replayed));
        Assert.Equal(acts.Length, replayed.Version);
    });

    [Fact]
    public void Starts_and_units_are_those_that_were_written() => Holds(Acts, acts =>
    {
        var shopper = acts.Aggregate(ShopperState.None, ShopperState.Evolve);
        foreach (var campaign in acts.OfType<ShopperStarted>().GroupBy(start => start.CampaignId))
            Assert.Equal(new StartsInCampaign(campaign.Key, campaign.Last().BargainId, campaign.Count()), shopper.StartsIn(campaign.Key));
        // A late payment writes the same seat or purchase a second time: it is one unit still.
        var seats = acts.OfType<ShopperSeated>().Select(seated => new UnitRef(seated.CampaignId, seated.TeamId, seated.SeatId));
        var purchases = acts.OfType<ShopperBought>().Select(bought => new UnitRef(bought.CampaignId, bought.PurchaseId, ""));
        Assert.Equal([.. seats.Concat(purchases)], shopper.Units.ToHashSet());
        Assert.Equal(shopper.Units.Length, shopper.Units.Distinct().Count());
    });

    private static readonly Gen<(int Held, int Sold)> Moves =
        from held in Gen.Choose(-6, 6)
        from sold in Gen.Choose(-6, 6)
        select (held, sold);

    private static readonly Gen<ShopperEvent> Acts =
        from kind in Gen.Choose(0, 9)
        from which in Gen.Choose(0, 5)
        from day in Gen.Choose(0, 2)
        select kind switch
        {
            0 => new ShopperStarted { CampaignId = $"c{which % 2}", BargainId = $"b{which}" },
            1 => new ShopperSeated { CampaignId = "c1", TeamId = $"t{which}", SeatId = $"s{which}" },
            2 => new ShopperBought { CampaignId = "c1", PurchaseId = $"u{which}" },
            3 => new ShopperDeclaredExisting(),
            _ => (ShopperEvent)new ShopperHelped { BargainId = "b", OwnerId = $"o{which}", ProductId = "p1", Day = Today.AddDays(day) },
        };

    private static void Holds<T>(Gen<T> gen, Action<T[]> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(gen.ArrayOf().ToArbitrary(), holds));
}
