using System.Collections.Immutable;

namespace SocialCommerce.Rules;

/// <summary>
/// The seats of a team, with what the rules look them up by. A value: putting a seat gives a new book, in the order of the logarithm of
/// the seats, so that a team of a thousand is joined and paid in microseconds. Counts are kept, never counted.
/// </summary>
public sealed record SeatBook
{
    public static readonly SeatBook Empty = new();

    private ImmutableDictionary<string, int> _numberBySeat = ImmutableDictionary<string, int>.Empty;
    private ImmutableDictionary<string, int> _numberByShopper = ImmutableDictionary<string, int>.Empty;
    private ImmutableDictionary<string, int> _numberByPayment = ImmutableDictionary<string, int>.Empty;
    private ImmutableSortedSet<(DateTimeOffset At, int Number)> _due = [];

    private SeatBook()
    {
    }

    /// <summary>Every seat that ever was, in order of joining.</summary>
    public ImmutableList<Seat> InOrder { get; private init; } = [];

    public int Held { get; private init; }

    /// <summary>Paid, and the team has not ended.</summary>
    public int Paid { get; private init; }

    public int Confirmed { get; private init; }

    /// <summary>When the first seat has something to happen by itself.</summary>
    public DateTimeOffset? DueAt => _due.IsEmpty ? null : _due.Min.At;

    public Seat? Find(string seatId) => _numberBySeat.TryGetValue(seatId, out var number) ? InOrder[number - 1] : null;

    /// <summary>The seat of a shopper: the live one where there is one, otherwise the last that it had.</summary>
    public Seat? Of(string shopperId) => _numberByShopper.TryGetValue(shopperId, out var number) ? InOrder[number - 1] : null;

    /// <summary>The seat that a payment counts for.</summary>
    public Seat? PaidBy(string paymentId) => _numberByPayment.TryGetValue(paymentId, out var number) ? InOrder[number - 1] : null;

    /// <summary>The seats with something due, the longest due first.</summary>
    public IEnumerable<Seat> DueBy(DateTimeOffset now) =>
        now >= DueAt ? _due.TakeWhile(due => due.At <= now).Select(due => InOrder[due.Number - 1]) : [];

    /// <summary>The book with a new seat, the next number, or with another version of one that is there.</summary>
    public SeatBook Put(Seat seat)
    {
        var isNew = seat.Number == InOrder.Count + 1;
        var before = isNew ? null : InOrder[seat.Number - 1];
        var due = before?.DueAt is { } was ? _due.Remove((was, seat.Number)) : _due;
        return this with
        {
            InOrder = isNew ? InOrder.Add(seat) : InOrder.SetItem(seat.Number - 1, seat),
            _numberBySeat = isNew ? _numberBySeat.Add(seat.SeatId, seat.Number) : _numberBySeat,
            _numberByShopper = isNew || seat.IsLive ? _numberByShopper.SetItem(seat.ShopperId, seat.Number) : _numberByShopper,
            _numberByPayment = seat.PaymentId is { } payment && before?.PaymentId is null ? _numberByPayment.Add(payment, seat.Number) : _numberByPayment,
            _due = seat.DueAt is { } at ? due.Add((at, seat.Number)) : due,
            Held = Held + Change(before, seat, SeatStatus.Held),
            Paid = Paid + Change(before, seat, SeatStatus.Paid),
            Confirmed = Confirmed + Change(before, seat, SeatStatus.Confirmed),
        };
    }

    private static int Change(Seat? before, Seat after, SeatStatus status) =>
        (after.Status == status ? 1 : 0) - (before?.Status == status ? 1 : 0);
}
