namespace SocialCommerce.Simulation.Tests;

/// <summary>What the auditor knows of one stream, folded from its facts.</summary>
internal abstract class Book(string id)
{
    public string Id => id;

    /// <summary>How many facts it has.</summary>
    public int Version { get; set; }
}

/// <summary>One cut as it was written.</summary>
internal sealed record CutLine(int Number, string HelperId, long CutFen, long PriceFen, bool NewShopper, int Depth, DateTimeOffset At, int Used, DateTimeOffset ResetsAt);

internal sealed class BargainBook(string id, string ownerId, Terms terms, string seed) : Book(id)
{
    public string OwnerId => ownerId;
    public Terms Terms => terms;
    public string Seed => seed;
    public BargainStatus Status { get; set; } = BargainStatus.Open;
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset ClaimBefore { get; set; }
    public string? ClaimId { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public long PriceFen { get; set; } = terms.StartPriceFen;
    public List<CutLine> Cuts { get; } = [];
    public int Helps { get; set; }

    /// <summary>The price and the number of helps after each version, the first at 1.</summary>
    public List<(long PriceFen, int Helps, BargainStatus Status)> History { get; } = [default];

    public bool IsOver => Status is not (BargainStatus.Open or BargainStatus.Won);
    public int HeldUnits => Status == BargainStatus.Won || (Status == BargainStatus.Open && terms.ReserveAtStart) ? 1 : 0;
    public int SoldUnits => Status == BargainStatus.Claimed ? 1 : 0;

    public CutLine? CutOf(string helperId) => Cuts.Find(cut => cut.Number > 0 && cut.HelperId == helperId);
}

internal sealed class SeatLine(string id, string shopperId, int number)
{
    public string Id => id;
    public string ShopperId => shopperId;
    public int Number => number;
    public SeatStatus Status { get; set; } = SeatStatus.Held;
    public long PriceFen { get; init; }
    public DateTimeOffset HoldExpiresAt { get; init; }
    public Money Money { get; } = new();
    public long? SettledFen { get; set; }

    /// <summary>Once; a late payment may have taken it anew.</summary>
    public bool WasReleased { get; set; }

    public bool IsLive => Status is SeatStatus.Held or SeatStatus.Paid or SeatStatus.Confirmed;
}

/// <summary>The one payment of a seat or purchase, and the one refund.</summary>
internal sealed class Money
{
    public string? PaymentId { get; set; }
    public long PaidFen { get; set; }
    public DateTimeOffset PaidAt { get; set; }
    public string? RefundReason { get; set; }
    public long RefundFen { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextAt { get; set; }
    public string? RefundId { get; set; }

    public bool RefundIsPending => RefundReason is not null && RefundId is null;
}

internal sealed class TeamBook(string id, Terms terms) : Book(id)
{
    public Terms Terms => terms;
    public string LeaderId { get; set; } = "";
    public TeamStatus Status { get; set; } = TeamStatus.Open;
    public DateTimeOffset ExpiresAt { get; init; }
    public long PriceFen { get; set; } = terms.Tiers[0].PriceFen;
    public List<SeatLine> Seats { get; } = [];

    public int Size => terms.Tiers[^1].Size;
    public int Held => Seats.Count(seat => seat.Status == SeatStatus.Held);
    public int Paid => Seats.Count(seat => seat.Status == SeatStatus.Paid);
    public int Confirmed => Seats.Count(seat => seat.Status == SeatStatus.Confirmed);
    public int Free => Size - Seats.Count(seat => seat.IsLive);
    public int HeldUnits { get; set; }
    public int SoldUnits { get; set; }

    /// <summary>When it was last without a free seat; the end of time while it is.</summary>
    public DateTimeOffset FullUntil { get; set; }

    /// <summary>When it last had what it takes to form at its deadline; the end of time while it has, null where it never had.</summary>
    public DateTimeOffset? ReadyUntil { get; set; }

    public SeatLine? Seat(string seatId) => Seats.Find(seat => seat.Id == seatId);
}

internal sealed class PurchaseBook(string id, string shopperId, Terms terms) : Book(id)
{
    public string ShopperId => shopperId;
    public Terms Terms => terms;
    public PurchaseStatus Status { get; set; } = PurchaseStatus.Held;
    public long PriceFen { get; init; }
    public DateTimeOffset HoldExpiresAt { get; init; }
    public Money Money { get; } = new();

    public bool IsLive => Status is PurchaseStatus.Held or PurchaseStatus.Paid;
    public int HeldUnits => Status == PurchaseStatus.Held ? 1 : 0;
    public int SoldUnits => Status == PurchaseStatus.Paid ? 1 : 0;
}

internal sealed class ShopperBook(string id) : Book(id)
{
    /// <summary>Before the unit that is being read.</summary>
    public int VersionBefore { get; set; }

    public HashSet<(string OwnerId, string ProductId)> Helped { get; } = [];
    public Dictionary<DateOnly, int> Helps { get; } = [];
    public DateOnly LastDay { get; set; }
    public Dictionary<string, List<BargainBook>> Starts { get; } = [];
    public List<(string CampaignId, TeamBook? Team, SeatLine? Seat, PurchaseBook? Purchase)> Units { get; } = [];

    public int LiveUnitsIn(string campaignId) => Units.Count(unit => unit.CampaignId == campaignId && (unit.Seat?.IsLive ?? unit.Purchase!.IsLive));
}

internal sealed class StockBook(string id) : Book(id)
{
    public int Total { get; set; }
    public int Held { get; set; }
    public int Sold { get; set; }

    /// <summary>What bargains, teams and purchases hold and have bought, counted on its own.</summary>
    public int HeldByAll { get; set; }
    public int SoldByAll { get; set; }

    public int Free => Total - Held - Sold;
    public DateTimeOffset GoneUntil { get; set; }
    public DateTimeOffset MovedAt { get; set; }

    /// <summary>Every state that it was in after a unit.</summary>
    public HashSet<(int Total, int Held, int Sold)> Seen { get; } = [(0, 0, 0)];
}

internal sealed class CampaignBook(string id) : Book(id)
{
    public CampaignStatus Status { get; set; }
    public int DefinitionVersion { get; set; }
    public Terms? Terms { get; set; }
    public Dictionary<string, long> Funnel { get; } = [];

    /// <summary>The end of time while it is paused.</summary>
    public DateTimeOffset PausedUntil { get; set; }

    /// <summary>The newest definition whose publication was answered.</summary>
    public int AnsweredVersion { get; set; }

    /// <summary>A pause was answered, and nobody has asked for its end since.</summary>
    public bool IsSurelyPaused { get; set; }

    public bool IsSurelyClosed { get; set; }
    public int ResumesUnderWay { get; set; }

    /// <summary>How often somebody asked for the end of a pause.</summary>
    public int Resumes { get; set; }
}
