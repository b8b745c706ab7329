namespace SocialCommerce.Simulation.Tests;

/// <summary>How a commit ends.</summary>
internal enum CommitEnd
{
    Done,
    Refused,
    LostWritten,
    LostNotWritten,
    LostWrittenLater,
}

/// <summary>How bad the times are for the store, drawn once for a seed: some are calm, some stormy, each in a way of its own.</summary>
internal sealed record Weather
{
    public static readonly Weather Fine = new();

    public double Refused { get; init; }
    public double LostWritten { get; init; }
    public double LostNotWritten { get; init; }
    public double LostWrittenLater { get; init; }
    public double Unreadable { get; init; }

    /// <summary>A commit takes up to so long, and so does its answer.</summary>
    public TimeSpan CommitMost { get; init; }

    public TimeSpan ReadMost { get; init; }

    /// <summary>What was given up as lost comes up to so much later.</summary>
    public TimeSpan LateMost { get; init; } = TimeSpan.FromSeconds(30);

    public bool MayFail => Refused + LostWritten + LostNotWritten + LostWrittenLater + Unreadable > 0;

    public static Weather Draw(Dice dice)
    {
        var storm = dice.Of(0, 0.5, 1, 1, 2);
        return new Weather
        {
            Refused = Chance(),
            LostWritten = Chance(),
            LostNotWritten = Chance(),
            LostWrittenLater = Chance(),
            Unreadable = Chance() / 2,
            CommitMost = TimeSpan.FromMilliseconds(dice.Of(0, 2, 20, 20, 200, 3_000)),
            ReadMost = TimeSpan.FromMilliseconds(dice.Of(0, 0, 2, 20, 500)),
        };

        double Chance() => storm * dice.Of(0, 0.01, 0.02, 0.05);
    }

    public CommitEnd End(Dice dice)
    {
        if (!MayFail) return CommitEnd.Done;
        if (dice.Happens(Refused)) return CommitEnd.Refused;
        if (dice.Happens(LostWritten)) return CommitEnd.LostWritten;
        if (dice.Happens(LostNotWritten)) return CommitEnd.LostNotWritten;
        return dice.Happens(LostWrittenLater) ? CommitEnd.LostWrittenLater : CommitEnd.Done;
    }
}
