namespace SocialCommerce.Rules.Tests.Stock;

public sealed class StockTests
{
    private static readonly StockState Ten = After(new StockSet { Total = 10 }, new StockMoved { Held = 4 }, new StockMoved { Held = -1, Sold = 3 });

    [Fact]
    public void Free_held_and_sold_make_the_total() => Assert.Equal((10, 4, 3, 3, 3), (Ten.Total, Ten.Free, Ten.Held, Ten.Sold, Ten.Version));

    [Fact]
    public void The_last_free_unit_can_be_taken_and_no_more()
    {
        Assert.True(Ten.CanMove(new StockMove(4, 0)));
        Assert.True(Ten.CanMove(new StockMove(2, 2)));
        Assert.False(Ten.CanMove(new StockMove(5, 0)));
        Assert.False(Ten.CanMove(new StockMove(2, 3)));
    }

    [Fact]
    public void What_takes_nothing_free_moves_even_where_nothing_is_free()
    {
        var full = StockState.Evolve(Ten, new StockMoved { Held = 4 });
        Assert.Equal(0, full.Free);
        Assert.True(full.CanMove(default));
        Assert.True(full.CanMove(new StockMove(-1, 1)));
        Assert.True(full.CanMove(new StockMove(-1, 0)));
        Assert.False(full.CanMove(new StockMove(-1, 2)));
        Assert.False(full.CanMove(new StockMove(1, 0)));
    }

    [Fact]
    public void The_total_may_be_set_to_no_less_than_what_is_held_and_sold()
    {
        Assert.True(Ten.CanSet(6));
        Assert.False(Ten.CanSet(5));
        Assert.Equal(0, StockState.Evolve(Ten, new StockSet { Total = 6 }).Free);
        Assert.True(StockState.None.CanSet(0));
    }

    [Theory, InlineData(5, 0), InlineData(-4, 0), InlineData(0, -4), InlineData(0, 5)]
    public void A_stock_below_nothing_is_a_fault(int held, int sold) =>
        Assert.Throws<InvalidOperationException>(() => StockState.Evolve(Ten, new StockMoved { Held = held, Sold = sold }));

    [Fact]
    public void A_total_below_what_is_committed_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => StockState.Evolve(Ten, new StockSet { Total = 5 }));

    [Fact]
    public void Moves_add_up()
    {
        Assert.Equal(new StockMove(0, 1), new StockMove(1, 0) + new StockMove(-1, 1));
        Assert.True(StockMove.Add(new StockMove(1, -1), new StockMove(-1, 1)).IsNone);
        Assert.False(new StockMove(1, -1).IsNone);
        Assert.Equal(0, new StockMove(1, -1).Takes);
    }

    private static StockState After(params StockEvent[] events) => events.Aggregate(StockState.None, StockState.Evolve);
}
