using System.Collections.Immutable;

namespace SocialCommerce.Rules;

/// <summary>
/// The seats of a team, with what the rules look them up by. A value: putting a seat gives a new book, in the order of the logarithm of
/// the seats, so that a team of a thousand is joined and paid in microseconds. Counts are kept, never counted. Books that grow from one
/// another share the names; the older one still sees only its own. For one thread at a time.
/// </summary>
public sealed record SeatBook
{
    public static readonly SeatBook Empty = new();

    // Null in the empty book, which all share.
    private SeatNames? _names;

    // Of shoppers whose seat is not the first that they had.
    private ImmutableDictionary<string, int> _numberOfReturned = ImmutableDictionary<string, int>.Empty;
    private ImmutableDictionary<string, int> _numberByPayment = ImmutableDictionary<string, int>.Empty;

    // Holds are as long as one another, so they run out in the order of joining: they stand in line, from the first that is still held on.
    // A hold that would run out before one ahead of it (clocks differ) and what is due to refunds stand in the set.
    private ImmutableSortedSet<(DateTimeOffset At, int Number)> _dueOutOfLine = [];
    private int _firstInLine;
    private DateTimeOffset _lineRunsOutAt = DateTimeOffset.MinValue;

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
    public DateTimeOffset? DueAt { get; private init; }

    public Seat? Find(string seatId) => SeatAt(_names?.Seats.IndexOf(seatId));

    /// <summary>The seat of a shopper: the live one where there is one, otherwise the last that it had.</summary>
    public Seat? Of(string shopperId) =>
        _numberOfReturned.TryGetValue(shopperId, out var number) ? InOrder[number - 1] : SeatAt(_names?.Shoppers.IndexOf(shopperId));

    /// <summary>The seat that a payment counts for.</summary>
    public Seat? PaidBy(string paymentId) => _numberByPayment.TryGetValue(paymentId, out var number) ? InOrder[number - 1] : null;

    /// <summary>The seats with something due, the longest due first.</summary>
    public IEnumerable<Seat> DueBy(DateTimeOffset now)
    {
        if (!(now >= DueAt)) return [];
        var inLine = InOrder.Skip(_firstInLine).Where(seat => IsInLine(seat, _dueOutOfLine)).TakeWhile(seat => seat.HoldExpiresAt <= now);
        var outOfLine = _dueOutOfLine.TakeWhile(due => due.At <= now).Select(due => InOrder[due.Number - 1]);
        return inLine.Concat(outOfLine).OrderBy(seat => seat.DueAt).ThenBy(seat => seat.Number);
    }

    /// <summary>The book with a new seat, the next number, or with another version of one that is there.</summary>
    public SeatBook Put(Seat seat)
    {
        var isNew = seat.Number == InOrder.Count + 1;
        var before = isNew ? null : InOrder[seat.Number - 1];
        var inOrder = isNew ? InOrder.Add(seat) : InOrder.SetItem(seat.Number - 1, seat);
        var (isInLine, outOfLine) = Line(before, seat);
        var first = _firstInLine;
        while (first < inOrder.Count && !IsInLine(inOrder[first], outOfLine)) first++;
        return this with
        {
            InOrder = inOrder,
            _names = isNew ? SeatNames.With(_names, InOrder.Count, seat) : _names,
            _numberOfReturned = (isNew || seat.IsLive) && Of(seat.ShopperId) is { } other && other.Number != seat.Number
                ? _numberOfReturned.SetItem(seat.ShopperId, seat.Number)
                : _numberOfReturned,
            _numberByPayment = seat.PaymentId is { } payment && before?.PaymentId is null ? _numberByPayment.Add(payment, seat.Number) : _numberByPayment,
            _dueOutOfLine = outOfLine,
            _firstInLine = first,
            _lineRunsOutAt = isInLine ? seat.HoldExpiresAt : _lineRunsOutAt,
            DueAt = Earlier(first < inOrder.Count ? inOrder[first].HoldExpiresAt : null, outOfLine.IsEmpty ? null : outOfLine.Min.At),
            Held = Held + Change(before, seat, SeatStatus.Held),
            Paid = Paid + Change(before, seat, SeatStatus.Paid),
            Confirmed = Confirmed + Change(before, seat, SeatStatus.Confirmed),
        };
    }

    // Whether a new seat goes to the end of the line, and what is due out of line once a seat is as given.
    private (bool IsInLine, ImmutableSortedSet<(DateTimeOffset At, int Number)> OutOfLine) Line(Seat? before, Seat seat)
    {
        var outOfLine = before?.DueAt is { } was ? _dueOutOfLine.Remove((was, seat.Number)) : _dueOutOfLine;
        if (seat.DueAt is not { } at) return (false, outOfLine);
        if (before is null && at >= _lineRunsOutAt && seat.Status == SeatStatus.Held) return (true, outOfLine);
        var stays = before is { Status: SeatStatus.Held } && seat.Status == SeatStatus.Held && before.HoldExpiresAt == at && ReferenceEquals(outOfLine, _dueOutOfLine);
        return (false, stays ? outOfLine : outOfLine.Add((at, seat.Number)));
    }

    private static bool IsInLine(Seat seat, ImmutableSortedSet<(DateTimeOffset At, int Number)> outOfLine) =>
        seat.Status == SeatStatus.Held && !outOfLine.Contains((seat.HoldExpiresAt, seat.Number));

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => other is null || one < other ? one : other;

    // What was added by a book that has grown from this one lies behind its own.
    private Seat? SeatAt(int? index) => index >= 0 && index < InOrder.Count ? InOrder[index.Value] : null;

    private static int Change(Seat? before, Seat after, SeatStatus status) =>
        (after.Status == status ? 1 : 0) - (before?.Status == status ? 1 : 0);

    /// <summary>Whose seats they are and how they are called, in order of joining. Neither ever changes.</summary>
    private sealed class SeatNames
    {
        public NameList Seats { get; private init; } = new();
        public NameList Shoppers { get; private init; } = new();

        /// <summary>The names of the first <paramref name="count"/> seats and of one more behind them.</summary>
        public static SeatNames With(SeatNames? names, int count, Seat seat)
        {
            names ??= new SeatNames();
            if (names.Seats.Count > count)
            {
                // The same seat again, as when a decision is first tried and then taken: the book that grew by it shares it with this one.
                if (names.Seats.Is(count, seat.SeatId) && names.Shoppers.Is(count, seat.ShopperId)) return names;

                // Another book has grown from this one: branch off rather than change what that one sees.
                names = new SeatNames { Seats = names.Seats.First(count), Shoppers = names.Shoppers.First(count) };
            }

            names.Seats.Add(seat.SeatId);
            names.Shoppers.Add(seat.ShopperId);
            return names;
        }
    }
}
