using System.Text.Json;
using SocialCommerce.Rehearsal.Http;

namespace SocialCommerce.Rehearsal.Auditing;

/// <summary>Everything the engine answers about the campaigns of a ledger, read once. A null value is a 404.</summary>
internal sealed class Evidence(Facts facts, DateTimeOffset readAt)
{
    public Facts Facts => facts;
    public DateTimeOffset ReadAt => readAt;
    public Dictionary<string, BargainReply?> Bargains { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, IReadOnlyList<CutReply>> Cuts { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, FairnessReply> Fairness { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, MeReply> Me { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, TeamReply?> Teams { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, CampaignReply> Campaigns { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, JsonElement> Stats { get; } = new(StringComparer.Ordinal);

    /// <summary>The events of the ledger's campaigns, in the order of the feed.</summary>
    public List<EventReply> Events { get; } = [];

    /// <summary>Readings that failed (what was asked, and the answer): no audit holds over what it could not see.</summary>
    public List<(string Subject, string Answer)> Unreadable { get; } = [];

    /// <summary>Answers that were a fault of the engine itself, in the play and in this reading (what was asked, and the answer).</summary>
    public List<(string Asked, string Answer)> Faults { get; } = [];

    /// <summary>What was left out on purpose or is not served, in words.</summary>
    public List<string> Notes { get; } = [];

    public ILookup<string, EventReply> EventsOf => field ??= Events.ToLookup(e => e.SubjectId, StringComparer.Ordinal);

    public IEnumerable<BargainReply> KnownBargains => Bargains.Values.OfType<BargainReply>();
    public IEnumerable<TeamReply> KnownTeams => Teams.Values.OfType<TeamReply>();

    public IReadOnlyList<CutReply> CutsOf(string bargainId) => Cuts.GetValueOrDefault(bargainId) ?? [];
}
