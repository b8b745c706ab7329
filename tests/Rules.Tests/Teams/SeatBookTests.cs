namespace SocialCommerce.Rules.Tests.Teams;

public sealed class SeatBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 4, 5, 6, TimeSpan.Zero);

    [Fact]
    public void Two_books_that_grow_from_one_see_only_their_own_seats()
    {
        var parent = SeatBook.Empty.Put(Held(1, "alice"));
        var left = parent.Put(Held(2, "bob", "left"));
        var right = parent.Put(Held(2, "carol", "right")).Put(Held(3, "bob", "right-3"));

        Assert.Equal((null, null, null), (parent.Of("bob"), parent.Find("left"), parent.Find("right")));
        Assert.Equal(("left", null), (left.Of("bob")?.SeatId, left.Of("carol")));
        Assert.Equal(("right-3", "right", null), (right.Of("bob")?.SeatId, right.Of("carol")?.SeatId, right.Find("left")));
        Assert.Equal((1, 2, 3), (parent.Held, left.Held, right.Held));
    }

    [Fact]
    public void Books_that_start_empty_share_nothing()
    {
        var one = SeatBook.Empty.Put(Held(1, "alice"));

        Assert.Null(SeatBook.Empty.Of("alice"));
        Assert.Equal("bob", SeatBook.Empty.Put(Held(1, "bob")).Of("bob")?.ShopperId);
        Assert.Null(one.Of("bob"));
    }

    [Fact]
    public void Who_comes_back_has_the_live_seat_and_otherwise_the_last()
    {
        var first = Held(1, "alice", "first");
        var second = Held(2, "alice", "second");
        var left = SeatBook.Empty.Put(first).Put(first with { Status = SeatStatus.Released });
        var back = left.Put(second);
        var gone = back.Put(second with { Status = SeatStatus.Left });

        Assert.Equal("first", left.Of("alice")?.SeatId);
        Assert.Equal("second", back.Of("alice")?.SeatId);
        Assert.Equal("second", gone.Of("alice")?.SeatId);
        Assert.Equal("first", gone.Put(first with { Status = SeatStatus.Paid, PaymentId = "pay" }).Of("alice")?.SeatId);
    }

    /// <summary>A hundred seeds of books that grow, change seats and branch off, beside a model that looks through all seats.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public void A_book_says_what_a_look_through_all_its_seats_says(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 50; seed++)
        {
            var chance = new Random(seed);
            var branches = new List<(SeatBook Book, List<Seat> Seats, Dictionary<string, string> SeatOf)> { (SeatBook.Empty, [], []) };
            for (var step = 0; step < 400; step++)
            {
                var at = chance.Next(10) == 0 ? chance.Next(branches.Count) : branches.Count - 1;
                var (book, before, seatOf) = branches[at];
                List<Seat> seats = [.. before];
                seatOf = new(seatOf);
                var put = seats.Count == 0 || chance.Next(3) > 0
                    ? AtTimes(Held(seats.Count + 1, $"shopper-{chance.Next(60)}", $"{seed}-{step}"), chance)
                    : Changed(seats[chance.Next(seats.Count)], chance);
                if (put.Number > seats.Count) seats.Add(put);
                else seats[put.Number - 1] = put;
                if (put.Number > before.Count || put.IsLive) seatOf[put.ShopperId] = put.SeatId;
                branches.Add((book.Put(put), seats, seatOf));
            }

            foreach (var (book, seats, seatOf) in branches)
            {
                Assert.Equal(seats, book.InOrder);
                Assert.All(seats, seat => Assert.Same(seat, book.Find(seat.SeatId)));
                for (var n = 0; n < 60; n++) Assert.Equal(seatOf.GetValueOrDefault($"shopper-{n}"), book.Of($"shopper-{n}")?.SeatId);
                Assert.Null(book.Find("none"));
                Assert.Equal(seats.Count(seat => seat.Status == SeatStatus.Held), book.Held);
                Assert.Equal(seats.Count(seat => seat.Status == SeatStatus.Paid), book.Paid);
                Assert.Equal(seats.Min(seat => seat.DueAt), book.DueAt);
                foreach (var now in new[] { Now, Now.AddMinutes(30), Now.AddMinutes(120), Now.AddDays(1) })
                    Assert.Equal(seats.Where(seat => seat.DueAt <= now).OrderBy(seat => seat.DueAt).ThenBy(seat => seat.Number), book.DueBy(now));
            }
        }
    }

    // A third of the seats don't run out in the order of joining, and a few have a refund that is asked for again.
    private static Seat AtTimes(Seat seat, Random chance) =>
        chance.Next(3) == 0 ? seat with { HoldExpiresAt = Now.AddMinutes(chance.Next(seat.Number + 1)) } : seat;

    private static Seat Changed(Seat seat, Random chance) => chance.Next(5) switch
    {
        0 => seat with { Status = SeatStatus.RefundRequested, Refund = RefundAt(Now.AddMinutes(chance.Next(400))) },
        1 => seat with { Status = SeatStatus.Held, HoldExpiresAt = Now.AddMinutes(chance.Next(400)) },
        2 => seat with { Depth = seat.Depth + 1 },
        _ => seat with { Status = (SeatStatus)chance.Next(1, 6) },
    };

    private static Refund RefundAt(DateTimeOffset next) => new() { RequestId = "refund", NextAt = next };

    private static Seat Held(int number, string shopperId, string? seatId = null) => new()
    {
        SeatId = seatId ?? $"seat-{number}", Number = number, ShopperId = shopperId, Status = SeatStatus.Held, PriceFen = 100, HeldAt = Now, HoldExpiresAt = Now.AddMinutes(number),
    };
}
