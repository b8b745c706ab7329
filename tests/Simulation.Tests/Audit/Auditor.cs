using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// Keeps a model of its own of what rules.md promises, from what was committed and what was answered, and says where the engine broke a
/// promise. It asks none of the engine's code.
/// </summary>
/// <remarks>
/// It looks after every committed unit: each is all or nothing, so everything has to add up between any two. It throws nothing, since it
/// is called from within what it watches; the first broken promise is kept, and the simulation ends with it.
/// </remarks>
internal sealed partial class Auditor(World world)
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private const int HelpsPerDay = 3;

    private readonly HashSet<StockBook> _touchedStocks = [];
    private readonly HashSet<TeamBook> _touchedTeams = [];
    private readonly HashSet<BargainBook> _touchedBargains = [];
    private readonly HashSet<ShopperBook> _touchedShoppers = [];
    private readonly HashSet<(string BargainId, string HelperId)> _cutsWithoutHelp = [];
    private readonly HashSet<(string BargainId, string HelperId)> _helpsWithoutCut = [];
    private readonly HashSet<(string HolderId, string SeatId)> _unitsWithoutShopper = [];
    private readonly HashSet<(string HolderId, string SeatId)> _shoppersWithoutUnit = [];
    private readonly Dictionary<string, int> _versions = [];
    private FeedPosition _at = FeedPosition.Start;

    public Dictionary<string, BargainBook> Bargains { get; } = [];
    public Dictionary<string, TeamBook> Teams { get; } = [];
    public Dictionary<string, PurchaseBook> Purchases { get; } = [];
    public Dictionary<string, ShopperBook> Shoppers { get; } = [];

    /// <summary>The same in the order of their beginning, for whoever draws one.</summary>
    public List<BargainBook> BargainsInOrder { get; } = [];
    public List<TeamBook> TeamsInOrder { get; } = [];
    public List<PurchaseBook> PurchasesInOrder { get; } = [];

    public Dictionary<string, StockBook> Stocks { get; } = [];
    public Dictionary<string, CampaignBook> Campaigns { get; } = [];

    public long EventCount { get; private set; }

    /// <summary>How many promises were looked at.</summary>
    public long Checks { get; private set; }

    /// <summary>The first broken promise; null while all are kept.</summary>
    public string? BrokenPromise { get; private set; }

    private DateTimeOffset Now => world.Timeline.Now;

    private TimeSpan Skew => world.Setting.SkewMost;

    public void Broken(string what) => BrokenPromise ??= what;

    /// <summary>Reads what was committed since; called after every unit.</summary>
    public void Follow()
    {
        var page = world.Store.Truth.Feed(_at, 10_000).Result;
        if (page.Events.Count == 0) return;
        _at = page.Next;
        foreach (var stored in page.Events)
        {
            EventCount++;
            var version = _versions.GetValueOrDefault(stored.Stream) + 1;
            Check(stored.Version == version, $"{stored.Stream} goes on with version {stored.Version} after {version - 1}");
            _versions[stored.Stream] = stored.Version;
            Enter(stored);
            if (BrokenPromise is not null) return;
        }

        EndUnit();
    }

    private void Enter(FeedEvent stored)
    {
        var slash = stored.Stream.IndexOf('/', StringComparison.Ordinal);
        var (family, id) = (stored.Stream[..slash], stored.Stream[(slash + 1)..]);
        var fact = JsonSerializer.Deserialize(stored.Payload.Span, FactJson.Default.Fact)!;
        switch (family)
        {
            case "campaign":
                EnterCampaign(id, stored.Kind, fact);
                break;
            case "stock":
                EnterStock(id, stored.Kind, fact);
                break;
            case "shopper":
                EnterShopper(id, stored.Kind, fact);
                break;
            case "bargain":
                EnterBargain(id, stored.Kind, fact);
                break;
            case "team":
                EnterTeam(id, stored.Kind, fact);
                break;
            case "purchase":
                EnterPurchase(id, stored.Kind, fact);
                break;
            default:
                Broken($"{stored.Stream} is nobody's");
                break;
        }

        Count(stored.Kind, fact, id);
    }

    private void EndUnit()
    {
        foreach (var cut in _cutsWithoutHelp) Broken($"{cut.BargainId} has a cut of {cut.HelperId}, whose quota knows nothing of it");
        foreach (var help in _helpsWithoutCut) Broken($"{help.HelperId}'s quota was used for {help.BargainId}, which has no such cut");
        foreach (var unit in _unitsWithoutShopper) Broken($"seat or purchase {unit.SeatId} of {unit.HolderId} is not on its shopper's record");
        foreach (var unit in _shoppersWithoutUnit) Broken($"a shopper has {unit.SeatId} of {unit.HolderId} on its record, which gave none");
        foreach (var bargain in _touchedBargains) CheckBargain(bargain);
        foreach (var team in _touchedTeams) CheckTeam(team);
        foreach (var stock in _touchedStocks) CheckStock(stock);
        foreach (var shopper in _touchedShoppers) shopper.VersionBefore = shopper.Version;
        _touchedBargains.Clear();
        _touchedTeams.Clear();
        _touchedStocks.Clear();
        _touchedShoppers.Clear();
    }

    private void EnterStock(string id, short kind, Fact fact)
    {
        var stock = StockOf(id);
        stock.Version++;
        if (kind == 20) stock.Total = fact.Total;
        if (kind == 21) (stock.Held, stock.Sold) = (stock.Held + fact.Held, stock.Sold + fact.Sold);
        _touchedStocks.Add(stock);
    }

    private void CheckStock(StockBook stock)
    {
        Check(stock is { Held: >= 0, Sold: >= 0, Free: >= 0 }, $"stock of {stock.Id} is {stock.Free} free, {stock.Held} held, {stock.Sold} sold of {stock.Total}");
        Check(
            stock.Held == stock.HeldByAll && stock.Sold == stock.SoldByAll,
            $"stock of {stock.Id} says {stock.Held} held, {stock.Sold} sold; bargains, teams and purchases have {stock.HeldByAll} and {stock.SoldByAll}");
        stock.MovedAt = Now;
        stock.Seen.Add((stock.Total, stock.Held, stock.Sold));
        if (stock.Free == 0) stock.GoneUntil = DateTimeOffset.MaxValue;
        else if (stock.GoneUntil == DateTimeOffset.MaxValue) stock.GoneUntil = Now;
    }

    private void EnterCampaign(string id, short kind, Fact fact)
    {
        if (!Campaigns.TryGetValue(id, out var campaign)) Campaigns[id] = campaign = new CampaignBook(id);
        campaign.Version++;
        Check(campaign.Status != CampaignStatus.Closed, $"campaign {id} goes on after it was closed");
        switch (kind)
        {
            case 10 or 11:
                Check(fact.DefinitionVersion == campaign.DefinitionVersion + 1, $"campaign {id}: definition {fact.DefinitionVersion} follows {campaign.DefinitionVersion}");
                campaign.DefinitionVersion = fact.DefinitionVersion;
                campaign.Terms = fact.Terms;
                if (kind == 10) campaign.Status = CampaignStatus.Draft;
                else if (campaign.Status != CampaignStatus.Paused) campaign.Status = CampaignStatus.Published;
                break;
            case 12:
                Check(campaign.Status == CampaignStatus.Published, $"campaign {id} is {campaign.Status} and was paused");
                campaign.Status = CampaignStatus.Paused;
                campaign.PausedUntil = DateTimeOffset.MaxValue;
                break;
            case 13:
                Check(campaign.Status == CampaignStatus.Paused, $"campaign {id} is {campaign.Status} and was resumed");
                campaign.Status = CampaignStatus.Published;
                campaign.PausedUntil = Now;
                break;
            case 14:
                if (campaign.Status == CampaignStatus.Paused) campaign.PausedUntil = Now;
                campaign.Status = CampaignStatus.Closed;
                break;
        }
    }

    // What the shop's other systems are told, by type: the figures of a campaign have to agree with it.
    private void Count(short kind, Fact fact, string id)
    {
        if (PublicTypes.Of(kind) is not { } type) return;
        var campaignId = kind < 20 ? id : fact.CampaignId;
        if (!Campaigns.TryGetValue(campaignId, out var campaign)) Broken($"{type} of a campaign '{campaignId}' that does not exist");
        else campaign.Funnel[type] = campaign.Funnel.GetValueOrDefault(type) + 1;
    }

    private StockBook StockOf(string campaignId) => Stocks.TryGetValue(campaignId, out var stock) ? stock : Stocks[campaignId] = new StockBook(campaignId);

    private void Move(string campaignId, int held, int sold)
    {
        if (held == 0 && sold == 0) return;
        var stock = StockOf(campaignId);
        (stock.HeldByAll, stock.SoldByAll) = (stock.HeldByAll + held, stock.SoldByAll + sold);
        _touchedStocks.Add(stock);
    }

    private void Check(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Otherwise otherwise)
    {
        Checks++;
        if (!holds) Broken(otherwise.ToString());
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);

    // Shanghai's days are all 24 hours long, eight hours ahead.
    private static DateTimeOffset EndOf(DateOnly day) => new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).ToUniversalTime();
}
