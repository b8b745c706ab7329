using System.Globalization;
using System.Text.Json.Nodes;

namespace SocialCommerce.Rehearsal.Tests;

/// <summary>What the fake's bargains and teams share: campaigns, stock, the feed, the time.</summary>
internal sealed class FakeWorld
{
    private readonly TimeProvider _clock;
    private readonly List<JsonObject> _events = [];
    private readonly Dictionary<string, int> _versions = [];
    private readonly Dictionary<string, JsonObject> _campaigns = [];
    private int _ids;

    public FakeWorld(TimeProvider clock)
    {
        _clock = clock;
        Bargains = new FakeBargains(this);
        Teams = new FakeTeams(this);
    }

    public FakeBargains Bargains { get; }
    public FakeTeams Teams { get; }
    public HashSet<string> Existing { get; } = [];

    /// <summary>The time of the request at hand, read once: a deadline falls before it or after it, never in between.</summary>
    public DateTimeOffset Now { get; private set; }

    public string NewId(string prefix) => $"{prefix}{++_ids}";

    public JsonObject? Settings(string campaignId) => _campaigns.GetValueOrDefault(campaignId);

    public int VersionOf(string subjectId) => _versions.GetValueOrDefault(subjectId);

    public void Tell(string type, string campaignId, string subjectId, JsonObject? data = null)
    {
        _versions[subjectId] = VersionOf(subjectId) + 1;
        _events.Add(new JsonObject
        {
            ["id"] = $"e{_events.Count + 1}", ["type"] = type, ["occurredAt"] = Now, ["campaignId"] = campaignId, ["subjectId"] = subjectId,
            ["version"] = _versions[subjectId], ["data"] = data ?? [],
        });
    }

    /// <summary>Begins a request: takes the time, and ends what has reached its deadline.</summary>
    public void Sweep()
    {
        Now = _clock.GetUtcNow();
        Bargains.Sweep();
        Teams.Sweep();
    }

    public FakeAnswer Publish(string campaignId, JsonObject settings)
    {
        _campaigns[campaignId] = settings;
        Tell("campaign.published", campaignId, campaignId);
        return FakeAnswer.Made(Campaign(campaignId).Body!);
    }

    public FakeAnswer Declare(string shopperId)
    {
        Existing.Add(shopperId);
        return new FakeAnswer(204, null);
    }

    public long Free(string campaignId)
    {
        var (held, sold) = Taken(campaignId);
        return (long)_campaigns[campaignId]["stock"]! - held - sold;
    }

    public FakeAnswer Campaign(string campaignId)
    {
        if (Settings(campaignId) is not { } settings) return FakeAnswer.Refuse(404, "campaignNotFound");
        var (held, sold) = Taken(campaignId);
        return FakeAnswer.Ok(new JsonObject
        {
            ["campaignId"] = campaignId, ["status"] = "published",
            ["stock"] = new JsonObject { ["total"] = (long)settings["stock"]!, ["held"] = held, ["sold"] = sold, ["free"] = Free(campaignId) },
        });
    }

    public FakeAnswer Stats(string campaignId)
    {
        int Count(string type) => _events.Count(e => (string)e["campaignId"]! == campaignId && (string)e["type"]! == type);
        return FakeAnswer.Ok(new JsonObject
        {
            ["funnel"] = new JsonObject { ["bargain.won"] = Count("bargain.won"), ["bargain.cut"] = Count("bargain.cut") },
        });
    }

    public FakeAnswer Feed(string? after)
    {
        var from = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
        var items = _events.Skip(from).Take(200).Select(e => e.DeepClone()).ToArray();
        return FakeAnswer.Ok(new JsonObject { ["items"] = new JsonArray(items), ["next"] = $"{from + items.Length}" });
    }

    private (int Held, int Sold) Taken(string campaignId)
    {
        var bargains = Bargains.Taken(campaignId);
        var teams = Teams.Taken(campaignId);
        return (bargains.Held + teams.Held, bargains.Sold + teams.Sold);
    }
}
