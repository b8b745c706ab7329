namespace SocialCommerce.Rules;

/// <summary>How the amount of a cut is found. Numbers are stored; never reuse one.</summary>
public enum CutRuleKind
{
    None = 0,
    Headcount = 1,
    Amounts = 2,
    Fixed = 3,
}

/// <summary>A range of whole minor units, both ends included.</summary>
public sealed record FenBand(long MinFen, long MaxFen);

/// <summary>Fewest and most helps that it still takes.</summary>
public readonly record struct CutsLeft(int Least, int Most);

/// <summary>A cut policy. Flat, since it is stored with every bargain: only the members of its kind are set.</summary>
public sealed record CutRule
{
    public CutRuleKind Kind { get; init; }
    public int Helpers { get; init; }
    public long MinCutFen { get; init; }

    /// <summary>In thousandths: 1,000 is no weight.</summary>
    public int NewShopperWeightMilli { get; init; } = 1000;

    public FenBand? Existing { get; init; }
    public FenBand? New { get; init; }
    public long CutFen { get; init; }

    /// <summary>Whether chance has a say in the next cut's amount: not where only one amount is possible.</summary>
    /// <param name="newShopper">The helper's kind.</param>
    public bool IsDrawn(bool newShopper) => Kind switch
    {
        CutRuleKind.Headcount => true,
        CutRuleKind.Amounts when newShopper => New!.MinFen < New.MaxFen,
        CutRuleKind.Amounts => Existing!.MinFen < Existing.MaxFen,
        _ => false,
    };

    /// <summary>The amount of the next cut.</summary>
    /// <param name="remainingFen">Price less floor before the cut; above 0.</param>
    /// <param name="cutsBefore">Accepted helps before it.</param>
    /// <param name="newShopper">The helper's kind.</param>
    /// <param name="draw">64 bits of chance; any where it is not <see cref="IsDrawn"/>.</param>
    public long Amount(long remainingFen, int cutsBefore, bool newShopper, ulong draw) => Kind switch
    {
        CutRuleKind.Headcount => HeadcountAmount(remainingFen, Helpers - cutsBefore, newShopper, draw),
        CutRuleKind.Amounts => Math.Min(remainingFen, Uniform(newShopper ? New! : Existing!, draw)),
        CutRuleKind.Fixed => Math.Min(remainingFen, CutFen),
        _ => throw new InvalidOperationException($"No cut rule of kind {Kind}."),
    };

    /// <summary>How many helps it still takes; exact for headcount and fixed.</summary>
    public CutsLeft Left(long remainingFen, int cutsBefore)
    {
        if (remainingFen <= 0) return new CutsLeft(0, 0);
        return Kind switch
        {
            CutRuleKind.Headcount => new CutsLeft(Helpers - cutsBefore, Helpers - cutsBefore),
            CutRuleKind.Amounts => new CutsLeft(
                CeilingOfQuotient(remainingFen, Math.Max(Existing!.MaxFen, New!.MaxFen)),
                CeilingOfQuotient(remainingFen, Math.Min(Existing.MinFen, New.MinFen))),
            CutRuleKind.Fixed => new CutsLeft(CeilingOfQuotient(remainingFen, CutFen), CeilingOfQuotient(remainingFen, CutFen)),
            _ => throw new InvalidOperationException($"No cut rule of kind {Kind}."),
        };
    }

    /// <summary>A uniform whole number of the band: min + floor(draw × (max - min + 1) / 2^64).</summary>
    public static long Uniform(FenBand band, ulong draw) =>
        band.MinFen + (long)Math.BigMul(draw, (ulong)(band.MaxFen - band.MinFen) + 1, out _);

    // The double-mean method of red packets: uniform between the least cut and twice the mean of what is left, so that the mean of every
    // cut is the mean of what is left whatever came before; never so much that those to come could not have their least; the last takes the rest.
    private long HeadcountAmount(long remainingFen, int cutsLeft, bool newShopper, ulong draw)
    {
        if (cutsLeft == 1) return remainingFen;
        var weightMilli = newShopper ? NewShopperWeightMilli : 1000;
        var twiceTheMean = (long)Int128.Min((Int128)remainingFen * 2 * weightMilli / (1000 * (Int128)cutsLeft), long.MaxValue);
        var most = Math.Min(twiceTheMean - MinCutFen, remainingFen - (cutsLeft - 1) * MinCutFen);
        return Uniform(new FenBand(MinCutFen, Math.Max(MinCutFen, most)), draw);
    }

    private static int CeilingOfQuotient(long amount, long by) => (int)Math.Min(int.MaxValue, (amount - 1) / by + 1);
}
