namespace SocialCommerce.Rules;

/// <summary>What a unit of work does to a campaign's stock; both may be negative.</summary>
public readonly record struct StockMove(int Held, int Sold)
{
    public bool IsNone => Held == 0 && Sold == 0;

    /// <summary>Units that it takes out of the free ones; negative when it gives back.</summary>
    public int Takes => Held + Sold;

    public static StockMove operator +(StockMove left, StockMove right) => new(left.Held + right.Held, left.Sold + right.Sold);

    public static StockMove Add(StockMove left, StockMove right) => left + right;
}

/// <summary>What happened to a campaign's stock.</summary>
public abstract record StockEvent;

/// <summary>The operator set the total.</summary>
public sealed record StockSet : StockEvent
{
    public int Total { get; init; }
}

/// <summary>Units moved; together with the events of whoever moved them.</summary>
public sealed record StockMoved : StockEvent
{
    public int Held { get; init; }
    public int Sold { get; init; }
}

/// <summary>A campaign's stock. Free + held + sold = total, and none of them is ever below 0.</summary>
public sealed record StockState
{
    public static readonly StockState None = new();

    public int Total { get; init; }
    public int Held { get; init; }
    public int Sold { get; init; }
    public int Version { get; init; }
    public int Free => Total - Held - Sold;

    public bool CanMove(StockMove move) => move.Takes <= Free;

    public bool CanSet(int total) => total >= Held + Sold;

    public static StockState Evolve(StockState state, StockEvent happened)
    {
        var next = happened switch
        {
            StockSet set => state with { Total = set.Total },
            StockMoved moved => state with { Held = state.Held + moved.Held, Sold = state.Sold + moved.Sold },
            _ => throw new InvalidOperationException($"Stock can't evolve by {happened.GetType().Name}."),
        };
        if (next.Held < 0 || next.Sold < 0 || next.Free < 0)
            throw new InvalidOperationException($"Stock would be {next.Free} free, {next.Held} held, {next.Sold} sold of {next.Total} after {happened}.");
        return next with { Version = state.Version + 1 };
    }
}
