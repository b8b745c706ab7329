namespace SocialCommerce.Bench;

/// <summary>A bargain as most Orleans programs would write it: state, rules on it, WriteStateAsync.</summary>
[Alias("sc.bench.bargain")]
internal interface IStoredBargain : IGrainWithIntegerKey
{
    [Alias("start")]
    Task Start(string ownerId, string productId);

    [Alias("help")]
    Task<StoredHelp> Help(string helperId);

    [Alias("cuts")]
    Task<IReadOnlyList<StoredCut>> Cuts();
}

/// <summary>A shopper's day and whom they have helped.</summary>
[Alias("sc.bench.shopper")]
internal interface IStoredShopper : IGrainWithStringKey
{
    /// <summary>Uses one of the day's helps for this owner and product, durably.</summary>
    [Alias("use")]
    Task<StoredUse> Use(string ownerId, string productId, DateOnly today);
}

internal sealed class StoredBargain([PersistentState("bargain", OrleansBaseline.Store)] IPersistentState<StoredBargainState> store) : Grain, IStoredBargain
{
    private static readonly TimeSpan Duration = TimeSpan.FromHours(24);
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private readonly Dictionary<string, StoredCut> _byHelper = new(StringComparer.Ordinal);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var cut in store.State.Cuts) _byHelper[cut.HelperId] = cut;
        return Task.CompletedTask;
    }

    public Task Start(string ownerId, string productId)
    {
        store.State = new StoredBargainState { OwnerId = ownerId, ProductId = productId, PriceFen = BargainField.StartPriceFen, ExpiresAt = DateTime.UtcNow + Duration };
        return store.WriteStateAsync();
    }

    public async Task<StoredHelp> Help(string helperId)
    {
        var bargain = store.State;
        var now = DateTime.UtcNow;
        if (bargain.OwnerId.Length == 0) return new StoredHelp(BaselineOutcome.BargainNotFound);
        if (bargain.OwnerId == helperId) return new StoredHelp(BaselineOutcome.OwnBargain);
        if (_byHelper.TryGetValue(helperId, out var before)) return new StoredHelp(BaselineOutcome.Repeated, before);
        if (bargain.ExpiresAt <= now) return new StoredHelp(BaselineOutcome.Expired);
        if (bargain.PriceFen == 0) return new StoredHelp(BaselineOutcome.Won);
        var use = await GrainFactory.GetGrain<IStoredShopper>(helperId).Use(bargain.OwnerId, bargain.ProductId, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, Shanghai)));
        if (use.Outcome != BaselineOutcome.Done) return new StoredHelp(use.Outcome);

        var cutFen = Math.Min(use.NewShopper ? Random.Shared.Next(1, 3) : 1, bargain.PriceFen);
        var cut = new StoredCut(helperId, bargain.Cuts.Count + 1, cutFen, bargain.PriceFen - cutFen, use.Used, use.NewShopper, now);
        bargain.Cuts.Add(cut);
        bargain.PriceFen = cut.PriceFen;
        await store.WriteStateAsync();
        _byHelper[helperId] = cut;
        return new StoredHelp(BaselineOutcome.Done, cut);
    }

    public Task<IReadOnlyList<StoredCut>> Cuts() => Task.FromResult<IReadOnlyList<StoredCut>>([.. store.State.Cuts]);
}

internal sealed class StoredShopper([PersistentState("shopper", OrleansBaseline.Store)] IPersistentState<StoredShopperState> store) : Grain, IStoredShopper
{
    private const int HelpsPerDay = 3;

    public async Task<StoredUse> Use(string ownerId, string productId, DateOnly today)
    {
        var shopper = store.State;
        var mark = $"{ownerId}|{productId}";
        if (shopper.Helped.Contains(mark)) return new StoredUse(BaselineOutcome.HelpedOwnerBefore);
        var used = shopper.Day == today ? shopper.Used + 1 : 1;
        if (used > HelpsPerDay) return new StoredUse(BaselineOutcome.DailyLimit);

        var isNew = shopper.Helped.Count == 0;
        shopper.Helped.Add(mark);
        (shopper.Day, shopper.Used) = (today, used);
        await store.WriteStateAsync();
        return new StoredUse(BaselineOutcome.Done, used, isNew);
    }
}

[GenerateSerializer, Immutable, Alias("sc.bench.cut")]
internal sealed record StoredCut(
    [property: Id(0)] string HelperId, [property: Id(1)] int Number, [property: Id(2)] long CutFen, [property: Id(3)] long PriceFen,
    [property: Id(4)] int Used, [property: Id(5)] bool NewShopper, [property: Id(6)] DateTime At);

[GenerateSerializer, Immutable, Alias("sc.bench.help")]
internal sealed record StoredHelp([property: Id(0)] BaselineOutcome Outcome, [property: Id(1)] StoredCut? Cut = null);

[GenerateSerializer, Immutable, Alias("sc.bench.use")]
internal sealed record StoredUse([property: Id(0)] BaselineOutcome Outcome, [property: Id(1)] int Used = 0, [property: Id(2)] bool NewShopper = false);

[GenerateSerializer, Alias("sc.bench.bargain-state")]
internal sealed class StoredBargainState
{
    [Id(0)] public string OwnerId { get; set; } = "";
    [Id(1)] public string ProductId { get; set; } = "";
    [Id(2)] public long PriceFen { get; set; }
    [Id(3)] public DateTime ExpiresAt { get; set; }
    [Id(4)] public List<StoredCut> Cuts { get; set; } = [];
}

[GenerateSerializer, Alias("sc.bench.shopper-state")]
internal sealed class StoredShopperState
{
    [Id(0)] public DateOnly Day { get; set; }
    [Id(1)] public int Used { get; set; }
    [Id(2)] public HashSet<string> Helped { get; set; } = [];
}
