using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;
using SocialCommerce.TestSupport;

namespace SocialCommerce.Grains.Tests;

/// <summary>What a shop runs on.</summary>
public sealed record ShopSettings
{
    public static readonly DateTimeOffset Opening = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    public HandClock Clock { get; init; } = new(Opening);

    /// <summary>Where this host's clock differs from the others'.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Null: one in memory.</summary>
    public IJournal? Journal { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Long: nothing is swept while the test looks.</summary>
    public int SweepMilliseconds { get; init; } = 10;

    public int CampaignCacheMilliseconds { get; init; }
    public int ConfirmMilliseconds { get; init; }

    /// <summary>No other host acts for its shoppers, so it has them all itself, as one process does; otherwise they are in shards, as in a cluster.</summary>
    public bool IsAlone { get; init; } = true;

    /// <summary>Where shards belong; null: here.</summary>
    public IShardPlaces? Places { get; init; }

    /// <summary>Grains that nobody calls go after one to three seconds, of real time; otherwise no test lives to see it.</summary>
    public bool GoesIdle { get; init; }

    /// <summary>Takes what the engine logs; null: nobody does.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>Where snapshots are kept; null: in memory.</summary>
    public IGrainStorage? Snapshots { get; init; }
}

/// <summary>The engine in a host of its own, with its time in the test's hand.</summary>
public sealed class Shop : IAsyncDisposable
{
    public static readonly string ShareKey = Convert.ToBase64String(new byte[32]);

    /// <summary>A period of the sweep that no test lives to see the end of.</summary>
    public const int Unswept = 60_000;

    /// <summary>Long: it is never used up, unless something is broken or the machine is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly HashSet<short> NoKinds = [];

    private readonly IHost _host;
    private readonly ShopSettings _settings;
    private FeedPosition _feedRead = FeedPosition.Start;

    private Shop(IHost host, ShopSettings settings, IJournal journal)
    {
        _host = host;
        _settings = settings;
        Journal = journal;
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public HandClock Clock => _settings.Clock;

    public IJournal Journal { get; }

    public static async Task<Shop> Open(ShopSettings? chosen = null)
    {
        var settings = chosen ?? new ShopSettings();
        var journal = settings.Journal ?? new MemoryJournal(deadlineShards: 2);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (settings.Log is { } log) builder.Logging.AddProvider(log);
        // As an instance: a shop that closes leaves the journal to whoever opened it.
        builder.Services.AddSingleton(journal);
        builder.Services.AddKeyedSingleton<TimeProvider>(SocialCommerce.Grains.Clock.Domain, new SkewedClock(settings.Clock, settings.Skew));
        builder.Services.AddSingleton<IChance>(new SeededChance(settings.Seed));
        builder.Services.AddSocialCommerceGrains();
        if (settings.Places is { } places) builder.Services.AddSingleton(places);
        if (settings.IsAlone) builder.Services.AddSoleProcess();
        builder.Services.Configure<EngineOptions>(options =>
        {
            options.ShareKey = ShareKey;
            options.SweepMilliseconds = settings.SweepMilliseconds;
            options.CampaignCacheMilliseconds = settings.CampaignCacheMilliseconds;
            options.ConfirmMilliseconds = settings.ConfirmMilliseconds;
        });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(EngineProcess.FreePort(), EngineProcess.FreePort()).UseInMemoryReminderService();
            if (settings.Snapshots is null) silo.AddMemoryGrainStorage(GrainsRegistration.SnapshotStore);
            else silo.Services.AddGrainStorage(GrainsRegistration.SnapshotStore, (_, _) => settings.Snapshots);
            FirstTurns.Watch(silo);
            if (!settings.GoesIdle) return;
            silo.Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionQuantum = TimeSpan.FromSeconds(1);
                options.CollectionAge = TimeSpan.FromSeconds(1.1);
            });
        });
        var shop = new Shop(builder.Build(), settings, journal);
        await shop._host.StartAsync();
        await GrainsRegistration.StartSocialCommerce(shop._host.Services);
        return shop;
    }

    public ICampaignGrain Campaign(string id) => Grains.GetGrain<ICampaignGrain>(id);

    internal ShopperShelves Shelves => _host.Services.GetRequiredService<ShopperShelves>();

    internal RestingBargains RestingBargains => _host.Services.GetRequiredService<RestingBargains>();

    internal ShoppersInDoubt ShoppersInDoubt => _host.Services.GetRequiredService<ShoppersInDoubt>();

    internal BargainsAtHand BargainsAtHand => _host.Services.GetRequiredService<BargainsAtHand>();

    internal IShopper Shopper(string id) => _host.Services.GetRequiredService<IShoppers>().Of(id);

    public IBargainGrain Bargain(string id) => Grains.GetGrain<IBargainGrain>(id);

    public ITeamGrain Team(string id) => Grains.GetGrain<ITeamGrain>(id);

    public IPurchaseGrain Purchase(string id) => Grains.GetGrain<IPurchaseGrain>(id);

    public IOpenTeamsGrain OpenTeams(string campaignId) => Grains.GetGrain<IOpenTeamsGrain>(campaignId);

    /// <summary>Publishes for a month from now on, with 1,000 units unless the definition says otherwise.</summary>
    public async Task<CampaignView> Publish(string campaignId, CampaignDefinition definition)
    {
        var reply = await Campaign(campaignId).Publish(new PublishCampaign
        {
            Definition = definition with { EndsAt = definition.EndsAt ?? Clock.Now.AddDays(30), Stock = definition.Stock ?? 1_000 },
        });
        Assert.Equal((Outcome.Done, CampaignRefusal.None, ""), (reply.Outcome, reply.Refusal, string.Join(' ', reply.Faults)));
        return reply.Campaign!;
    }

    public async Task<BargainView> Start(string shopperId, string campaignId, string via = "")
    {
        var reply = await Shopper(shopperId).Start(new StartBargain { CampaignId = campaignId, Via = via });
        Assert.Equal((Outcome.Done, StartRefusal.None), (reply.Outcome, reply.Refusal));
        return reply.Bargain!;
    }

    public Task<CutReply> Help(string shopperId, string bargainId, RequestKey? key = null) =>
        Shopper(shopperId).Help(new HelpBargain { BargainId = bargainId, RequestKey = key });

    /// <summary>A help that must be accepted.</summary>
    public async Task<CutReceipt> Cut(string shopperId, string bargainId)
    {
        var reply = await Help(shopperId, bargainId);
        Assert.Equal((Outcome.Done, CutRefusal.None), (reply.Outcome, reply.Refusal));
        return reply.Cut!;
    }

    public async Task<TeamReply> OpenTeam(string shopperId, string campaignId)
    {
        var reply = await Shopper(shopperId).OpenTeam(new OpenTeam { CampaignId = campaignId });
        Assert.Equal((Outcome.Done, OpenRefusal.None), (reply.Outcome, reply.Refusal));
        return reply;
    }

    public Task<SeatReply> TryJoin(string shopperId, string teamId, string via = "", RequestKey? key = null) =>
        Shopper(shopperId).JoinTeam(new JoinTeam { TeamId = teamId, Via = via, RequestKey = key });

    /// <summary>A join that must be accepted.</summary>
    public async Task<SeatView> Join(string shopperId, string teamId, string via = "")
    {
        var reply = await TryJoin(shopperId, teamId, via);
        Assert.Equal((Outcome.Done, JoinRefusal.None), (reply.Outcome, reply.Refusal));
        return reply.Seat!;
    }

    /// <summary>The payment of a seat at its price, under an id of its own.</summary>
    public Task<SeatChangeReply> TryPay(SeatView seat, string? paymentId = null, RequestKey? key = null) =>
        Team(seat.TeamId).Pay(new Payment { SeatId = seat.SeatId, PaymentId = paymentId ?? "pay-" + seat.SeatId, AmountFen = seat.PriceFen, RequestKey = key });

    /// <summary>A payment that must be accepted; whether it kept the seat or goes back is the seat's status.</summary>
    public async Task<SeatView> Pay(SeatView seat, string? paymentId = null)
    {
        var reply = await TryPay(seat, paymentId);
        Assert.Equal((Outcome.Done, SeatRefusal.None), (reply.Outcome, reply.Refusal));
        return reply.Seat!;
    }

    public async Task<SeatView> JoinAndPay(string shopperId, string teamId) => await Pay(await Join(shopperId, teamId));

    public async Task<StockView> Stock(string campaignId) => (await Campaign(campaignId).Get())!.Stock;

    /// <summary>The public events of one subject, oldest first.</summary>
    public async Task<PublicEvent[]> Events(string subjectId) =>
        [.. (await AllEvents()).Where(happened => happened.SubjectId == subjectId)];

    public async Task<int> CountEvents(string subjectId, string type) => (await Events(subjectId)).Count(happened => happened.Type == type);

    public async Task<List<PublicEvent>> AllEvents()
    {
        var events = new List<PublicEvent>();
        for (var after = ""; ;)
        {
            var page = await Grains.GetGrain<IFeedGrain>("test").Read(new FeedQuery { After = after, Limit = 200 });
            if (page.Items.IsEmpty) return events;
            events.AddRange(page.Items);
            after = page.Next;
        }
    }

    /// <summary>Waits until what the engine does by itself has brought something about.</summary>
    public async Task Until(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var end = await EndOfFeed(); !await condition(); end = await EndOfFeed())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Waited in vain: {what}.");
            // It comes with a commit; pictures drawn from the feed follow a little later.
            await Journal.WaitForFeed(end, TimeSpan.FromMilliseconds(50));
        }
    }

    public Task UntilBargain(string bargainId, BargainStatus status) =>
        Until(async () => (await Bargain(bargainId).Get())!.Status == status, $"bargain {status}");

    public Task UntilTeam(string teamId, TeamStatus status) =>
        Until(async () => (await Team(teamId).Get())!.Status == status, $"team {status}");

    /// <summary>Lets the sweep end what is due, then reads every stream and checks all that must always hold.</summary>
    public async Task<Books> Audit()
    {
        if (_settings.SweepMilliseconds < Unswept) await Until(async () => !await AnythingDue(), "all that is due is done");
        return await Books.Read(Journal);
    }

    /// <summary>Whether the sweep has something to do now.</summary>
    public async Task<bool> AnythingDue()
    {
        for (var shard = 0; shard < Journal.DeadlineShards; shard++)
        {
            if ((await Journal.Due(shard, Clock.Now, 1)).Count > 0) return true;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private async Task<FeedPosition> EndOfFeed()
    {
        while (true)
        {
            var page = await Journal.Feed(_feedRead, int.MaxValue, NoKinds);
            _feedRead = page.Next;
            if (page.AtEnd) return _feedRead;
        }
    }
}

/// <summary>
/// One shop for the tests of a class. Each uses campaigns and shoppers of its own, and time only goes on. A commit takes its time, as it
/// does on a disk: what comes meanwhile shares the next one.
/// </summary>
public sealed class SharedShop : IAsyncLifetime
{
    public Shop Shop { get; private set; } = null!;

    public async Task InitializeAsync() => Shop = await Shop.Open(new ShopSettings { Journal = JournalDouble.Slow() });

    public Task DisposeAsync() => Shop.DisposeAsync().AsTask();
}
