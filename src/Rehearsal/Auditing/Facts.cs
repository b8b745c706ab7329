using SocialCommerce.Rehearsal.Records;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>A ledger, by what is asked of it.</summary>
internal sealed class Facts
{
    private readonly HashSet<(string Act, string TargetId, string ShopperId)> _unknown;

    public Facts(IReadOnlyList<Entry> entries)
    {
        Campaigns = entries.OfType<CampaignPublished>().DistinctBy(c => c.CampaignId).ToDictionary(c => c.CampaignId, StringComparer.Ordinal);
        Starts = entries.OfType<BargainStarted>().ToLookup(s => s.BargainId, StringComparer.Ordinal);
        Cuts = entries.OfType<CutAcknowledged>().ToLookup(c => c.BargainId, StringComparer.Ordinal);
        Claims = entries.OfType<BargainClaimed>().ToLookup(c => c.BargainId, StringComparer.Ordinal);
        Cancelled = entries.OfType<BargainCancelled>().Select(c => c.BargainId).ToHashSet(StringComparer.Ordinal);
        DeclaredExisting = entries.OfType<ShopperDeclared>().Select(s => s.ShopperId).ToHashSet(StringComparer.Ordinal);
        Teams = entries.OfType<TeamOpened>().ToLookup(t => t.TeamId, StringComparer.Ordinal);
        Seats = entries.OfType<SeatAcknowledged>().ToLookup(s => s.TeamId, StringComparer.Ordinal);
        Payments = entries.OfType<PaymentAcknowledged>().ToLookup(p => p.SubjectId, StringComparer.Ordinal);
        Refunds = entries.OfType<RefundAcknowledged>().ToLookup(r => r.SubjectId, StringComparer.Ordinal);
        Purchases = entries.OfType<PurchaseAcknowledged>().DistinctBy(p => p.PurchaseId).ToDictionary(p => p.PurchaseId, StringComparer.Ordinal);
        BrokenInPlay = [.. entries.OfType<BrokenInPlay>()];
        DailyHelps = entries.OfType<RunBegun>().LastOrDefault()?.DailyHelps ?? 3;
        _unknown = [.. entries.OfType<OutcomeUnknown>().Select(u => (u.Act, u.TargetId, u.ShopperId))];
    }

    public IReadOnlyDictionary<string, CampaignPublished> Campaigns { get; }
    public ILookup<string, BargainStarted> Starts { get; }
    public ILookup<string, CutAcknowledged> Cuts { get; }
    public ILookup<string, BargainClaimed> Claims { get; }
    public IReadOnlySet<string> Cancelled { get; }
    public IReadOnlySet<string> DeclaredExisting { get; }
    public ILookup<string, TeamOpened> Teams { get; }
    public ILookup<string, SeatAcknowledged> Seats { get; }
    public ILookup<string, PaymentAcknowledged> Payments { get; }
    public ILookup<string, RefundAcknowledged> Refunds { get; }
    public IReadOnlyDictionary<string, PurchaseAcknowledged> Purchases { get; }
    public IReadOnlyList<BrokenInPlay> BrokenInPlay { get; }
    public int DailyHelps { get; }

    /// <summary>Nobody told how that request ended: its effect may be there or not.</summary>
    public bool MayHaveHappened(string act, string targetId, string shopperId) => _unknown.Contains((act, targetId, shopperId));

    public int UnknownCount => _unknown.Count;
}
