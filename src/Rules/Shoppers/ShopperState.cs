using System.Collections.Immutable;

namespace SocialCommerce.Rules;

/// <summary>What happened to a shopper.</summary>
public abstract record ShopperEvent
{
    public DateTimeOffset At { get; init; }
}

/// <summary>Helped a bargain: uses one of the day's helps, and the one help for this owner on this product.</summary>
public sealed record ShopperHelped : ShopperEvent
{
    public required string BargainId { get; init; }
    public required string OwnerId { get; init; }
    public required string ProductId { get; init; }

    /// <summary>The calendar day that it counts on, in the deployment's time zone.</summary>
    public DateOnly Day { get; init; }
}

public sealed record ShopperStarted : ShopperEvent
{
    public required string CampaignId { get; init; }
    public required string BargainId { get; init; }
}

/// <summary>Took a seat of a team.</summary>
public sealed record ShopperSeated : ShopperEvent
{
    public required string CampaignId { get; init; }
    public required string TeamId { get; init; }
    public required string SeatId { get; init; }
}

public sealed record ShopperBought : ShopperEvent
{
    public required string CampaignId { get; init; }
    public required string PurchaseId { get; init; }
}

/// <summary>The shop knows the shopper already.</summary>
public sealed record ShopperDeclaredExisting : ShopperEvent;

/// <summary>A unit that the shopper holds or held: a seat, or a purchase.</summary>
/// <param name="HolderId">The team's id or the purchase's.</param>
/// <param name="SeatId">Empty for a purchase.</param>
public readonly record struct UnitRef(string CampaignId, string HolderId, string SeatId);

/// <summary>The bargains that a shopper started in one campaign.</summary>
public readonly record struct StartsInCampaign(string CampaignId, string LastBargainId, int Count);

/// <summary>A shopper, folded from its events.</summary>
public sealed record ShopperState
{
    public static readonly ShopperState None = new();

    /// <summary>Until the first accepted act, or the shop's word.</summary>
    public bool IsNew { get; init; } = true;

    /// <summary>The day of the last help, and the helps of that day.</summary>
    public DateOnly Day { get; init; }
    public int HelpsOnDay { get; init; }

    /// <summary>Marks of the owners and products helped, sorted.</summary>
    public ImmutableArray<ulong> Helped { get; init; } = [];

    public ImmutableArray<StartsInCampaign> Starts { get; init; } = [];
    public ImmutableArray<UnitRef> Units { get; init; } = [];
    public int Version { get; init; }

    /// <summary>
    /// The day that a help counts on: today, or the day of the last help where that is later. Two silos' clocks may disagree around
    /// midnight, and a day that comes back must not bring its helps back.
    /// </summary>
    public DateOnly CountingDay(DateOnly today) => today > Day ? today : Day;

    /// <summary>The helps of a day; of an earlier day than the last help's, those of the day that a help would count on.</summary>
    public int UsedOn(DateOnly day) => CountingDay(day) == Day ? HelpsOnDay : 0;

    public bool HasHelped(ulong ownerOnProduct) => Helped.BinarySearch(ownerOnProduct) >= 0;

    public StartsInCampaign? StartsIn(string campaignId)
    {
        foreach (var starts in Starts)
        {
            if (starts.CampaignId == campaignId) return starts;
        }

        return null;
    }

    public static ShopperState Evolve(ShopperState state, ShopperEvent happened)
    {
        var next = happened switch
        {
            ShopperHelped helped => state with
            {
                IsNew = false,
                Day = state.CountingDay(helped.Day),
                HelpsOnDay = state.UsedOn(helped.Day) + 1,
                Helped = Insert(state.Helped, MarkOf(helped)),
            },
            ShopperStarted started => state with { IsNew = false, Starts = Started(state, started) },
            ShopperSeated seated => state with { IsNew = false, Units = With(state.Units, new UnitRef(seated.CampaignId, seated.TeamId, seated.SeatId)) },
            ShopperBought bought => state with { IsNew = false, Units = With(state.Units, new UnitRef(bought.CampaignId, bought.PurchaseId, "")) },
            ShopperDeclaredExisting => state with { IsNew = false },
            _ => throw new InvalidOperationException($"A shopper can't evolve by {happened.GetType().Name}."),
        };
        return next with { Version = state.Version + 1 };
    }

    private static ulong MarkOf(ShopperHelped helped) =>
        HelpMark.TryRead(helped.BargainId, out var mark) ? mark : HelpMark.Of(helped.OwnerId, helped.ProductId);

    // A late payment takes the same seat, or buys the same unit, a second time.
    private static ImmutableArray<UnitRef> With(ImmutableArray<UnitRef> units, UnitRef unit) => units.Contains(unit) ? units : units.Add(unit);

    private static ImmutableArray<ulong> Insert(ImmutableArray<ulong> sorted, ulong mark)
    {
        var index = sorted.BinarySearch(mark);
        return index >= 0 ? sorted : sorted.Insert(~index, mark);
    }

    private static ImmutableArray<StartsInCampaign> Started(ShopperState state, ShopperStarted started)
    {
        var before = state.StartsIn(started.CampaignId);
        return before is null
            ? state.Starts.Add(new StartsInCampaign(started.CampaignId, started.BargainId, 1))
            : state.Starts.Replace(before.Value, new StartsInCampaign(started.CampaignId, started.BargainId, before.Value.Count + 1));
    }
}
