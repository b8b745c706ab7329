namespace SocialCommerce.Simulation.Tests;

/// <summary>What goes wrong. The last two are counted, but not among the faults: they follow from others, or are time alone.</summary>
internal enum Fault
{
    /// <summary>A commit that the store refused: nothing was written.</summary>
    CommitRefused,
    /// <summary>The connection was cut after the commit, before its answer.</summary>
    AnswerLostWritten,
    /// <summary>The connection was cut before the commit.</summary>
    AnswerLostNotWritten,
    /// <summary>Given up as lost, and committed a while later after all.</summary>
    AnswerLostWrittenLater,
    ReadFailed,
    /// <summary>The store was away for a while, for one silo or for all.</summary>
    StoreAway,
    SiloKilled,
    /// <summary>A commit or read of the time while the store was away.</summary>
    TurnedAway,
    /// <summary>Nobody ran while the time went on.</summary>
    TimeLeapt,
}

/// <summary>How often each fault happened.</summary>
internal sealed class FaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<Fault>().Length];

    public long this[Fault fault] => _counts[(int)fault];

    public long Total => _counts.Take((int)Fault.TurnedAway).Sum();

    public void Count(Fault fault) => _counts[(int)fault]++;

    public void Add(FaultCounts other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
    }

    public override string ToString() => string.Join(", ", Enum.GetValues<Fault>().Select(fault => $"{fault} {this[fault]:N0}"));
}
