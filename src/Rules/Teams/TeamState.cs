namespace SocialCommerce.Rules;

/// <summary>Where a team stands; the numbers are those of the published contract.</summary>
public enum TeamStatus
{
    None = 0,
    Open = 1,
    Formed = 2,
    Failed = 3,
    Cancelled = 4,
}

/// <summary>A team, folded from its events. Held + paid + confirmed + free = size, and while somebody has a seat, the leader has one.</summary>
public sealed record TeamState
{
    public static readonly TeamState None = new();

    public string TeamId { get; init; } = "";

    /// <summary>Who leads; in a team that nobody has a seat of, who led last.</summary>
    public string LeaderId { get; init; } = "";

    public TeamStatus Status { get; init; }
    public TeamTerms? TermsOrNull { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What a seat costs; once formed, what a member pays in the end.</summary>
    public long PriceFen { get; init; }

    public SeatBook Seats { get; init; } = SeatBook.Empty;

    /// <summary>How many events it has.</summary>
    public int Version { get; init; }

    public bool Exists => Status != TeamStatus.None;
    public bool IsOver => Status is TeamStatus.Formed or TeamStatus.Failed or TeamStatus.Cancelled;
    public TeamTerms Terms => TermsOrNull ?? throw new InvalidOperationException("A team that was not opened has no terms.");

    /// <summary>Seats that a member has.</summary>
    public int Taken => Seats.Held + Seats.Paid + Seats.Confirmed;

    public int Free => Terms.Size - Taken;

    /// <summary>When something is to happen by itself; null when nothing is. A hold never outlasts the deadline.</summary>
    public DateTimeOffset? DueAt
    {
        get
        {
            if (Status != TeamStatus.Open) return Seats.DueAt;
            return Seats.DueAt < ExpiresAt ? Seats.DueAt : ExpiresAt;
        }
    }

    /// <summary>Whether the shopper has a seat now.</summary>
    public bool IsMember(string shopperId, DateTimeOffset now) => Seats.Of(shopperId)?.IsLiveAt(now) == true;

    /// <summary>Free seats at an instant: those whose hold has run out are, even if nothing has swept them yet.</summary>
    public int FreeAt(DateTimeOffset now) => Free + Seats.DueBy(now).Count(seat => seat.Status == SeatStatus.Held);

    /// <summary>Where it stands at an instant: past its deadline as it will have ended, even if nothing has swept it yet.</summary>
    public TeamStatus StatusAt(DateTimeOffset now)
    {
        if (Status != TeamStatus.Open || now < ExpiresAt) return Status;
        return GoesAhead ? TeamStatus.Formed : TeamStatus.Failed;
    }

    /// <summary>Whether so many have paid that the deadline forms the team: the first tier, or what the fill policy asks for.</summary>
    public bool GoesAhead => Seats.Paid >= Math.Min(Terms.Tiers[0].Size, Terms.FillWhenAtLeast ?? int.MaxValue);

    /// <summary>Total: makes no decision.</summary>
    public static TeamState Evolve(TeamState state, TeamEvent happened)
    {
        var next = happened switch
        {
            TeamOpened opened => new TeamState
            {
                TeamId = opened.TeamId,
                LeaderId = opened.LeaderId,
                Status = TeamStatus.Open,
                TermsOrNull = opened.Terms,
                OpenedAt = opened.At,
                ExpiresAt = opened.ExpiresAt,
                PriceFen = opened.Terms.Tiers[0].PriceFen,
            },
            SeatHeld held => state with { Seats = state.Seats.Put(SeatOf(held, state.Seats.InOrder.Count + 1)) },
            SeatPaid paid => state.Change(paid.SeatId, seat => seat with
            {
                Status = SeatStatus.Paid,
                PaymentId = paid.PaymentId,
                PaidFen = paid.AmountFen,
                PaidAt = paid.At,
            }),
            SeatReleased released => state.Change(released.SeatId, seat => seat with { Status = SeatStatus.Released }),
            SeatLeft left => state.Change(left.SeatId, seat => seat with { Status = SeatStatus.Left }),
            LeaderChanged changed => state with { LeaderId = changed.LeaderId },
            TeamFormed formed => state with { Status = TeamStatus.Formed, PriceFen = formed.PriceFen, EndedAt = formed.At },
            TeamFailed failed => state with { Status = failed.Cancelled ? TeamStatus.Cancelled : TeamStatus.Failed, EndedAt = failed.At },
            SeatConfirmed confirmed => state.Change(confirmed.SeatId, seat => seat with { Status = SeatStatus.Confirmed, SettledFen = confirmed.SettledFen }),
            RefundRequested requested => state.Change(requested.SeatId, seat => Requested(seat, requested)),
            RefundConfirmed confirmed => state.Change(confirmed.SeatId, seat => seat with
            {
                // A confirmed seat had only a part given back: it stays what it is.
                Status = seat.Status == SeatStatus.Confirmed ? SeatStatus.Confirmed : SeatStatus.Refunded,
                Refund = seat.Refund! with { ConfirmedAt = confirmed.At, RefundId = confirmed.RefundId },
            }),
            _ => throw new InvalidOperationException($"A team can't evolve by {happened.GetType().Name}."),
        };
        return next with { Version = state.Version + 1 };
    }

    private TeamState Change(string seatId, Func<Seat, Seat> change)
    {
        var seat = Seats.Find(seatId) ?? throw new InvalidOperationException($"Team {TeamId} has no seat {seatId}.");
        return this with { Seats = Seats.Put(change(seat)) };
    }

    private static Seat SeatOf(SeatHeld held, int number) => new()
    {
        SeatId = held.SeatId,
        Number = number,
        ShopperId = held.ShopperId,
        Status = SeatStatus.Held,
        PriceFen = held.PriceFen,
        HeldAt = held.At,
        HoldExpiresAt = held.HoldExpiresAt,
        Depth = held.Via?.Depth ?? 0,
    };

    private static Seat Requested(Seat seat, RefundRequested requested) => seat with
    {
        Status = seat.Status == SeatStatus.Confirmed ? SeatStatus.Confirmed : SeatStatus.RefundRequested,
        // A payment that took no seat is known from here on only.
        PaymentId = seat.PaymentId ?? requested.PaymentId,
        PaidFen = seat.PaymentId is null ? requested.AmountFen : seat.PaidFen,
        PaidAt = seat.PaidAt ?? requested.At,
        Refund = new Refund
        {
            RequestId = requested.RefundRequestId,
            Reason = requested.Reason,
            AmountFen = requested.AmountFen,
            Attempt = requested.Attempt,
            RequestedAt = seat.Refund?.RequestedAt ?? requested.At,
            NextAt = requested.NextAt,
        },
    };
}
