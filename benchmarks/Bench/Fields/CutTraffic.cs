using System.Text;

namespace SocialCommerce.Bench;

/// <summary>What became of a cut that was asked for.</summary>
internal enum CutFate : byte
{
    NotSent = 0,
    /// <summary>No answer: it may have happened.</summary>
    Unknown = 1,
    Acknowledged = 2,
    Refused = 3,
}

/// <summary>Helps that should all be accepted, and a ledger of what was answered.</summary>
internal abstract class CutTraffic(BargainField bargains, string helpers) : Traffic
{
    public const int NumbersMax = 8_000_000;

    private readonly byte[] _helpers = Encoding.ASCII.GetBytes(helpers);
    private readonly CutFate[] _fates = new CutFate[NumbersMax];

    public BargainField Field => bargains;

    public override int Expected => 201;

    protected override long Count => NumbersMax;

    public abstract int BargainOf(long number);

    public abstract long HelperOf(long number);

    public string HelperName(long helper) => helpers + helper.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public CutFate FateOf(long number) => _fates[number];

    public override int Write(long number, Span<byte> request)
    {
        _fates[number] = CutFate.Unknown;
        return Requests.Write(Field.CutHeads[BargainOf(number)], _helpers, HelperOf(number), request);
    }

    public override void Told(long number, int status, ReadOnlySpan<byte> body) =>
        _fates[number] = status == Expected ? CutFate.Acknowledged : status < 500 ? CutFate.Refused : CutFate.Unknown;
}

/// <summary>Cuts over all bargains of a field; each helper helps three owners, a thousand other cuts apart.</summary>
/// <param name="limit">So many cuts at most.</param>
internal sealed class SpreadCuts(BargainField bargains, string helpers, long limit = CutTraffic.NumbersMax) : CutTraffic(bargains, helpers)
{
    public const int HelpsPerHelper = 3;
    public const int HelpersAtATime = 1_024;

    // A prime that divides no field's size: three cuts of a helper meet three bargains.
    private const long Stride = 7_919;

    protected override long Count => limit;

    public override int BargainOf(long number) => (int)(number * Stride % Field.Ids.Count);

    public override long HelperOf(long number) => (number / (HelpsPerHelper * HelpersAtATime) * HelpersAtATime) + (number % HelpersAtATime);

    /// <summary>The numbers of a helper's cuts.</summary>
    public static IEnumerable<long> NumbersOf(long helper)
    {
        var first = (helper / HelpersAtATime * HelpsPerHelper * HelpersAtATime) + (helper % HelpersAtATime);
        return Enumerable.Range(0, HelpsPerHelper).Select(help => first + (help * (long)HelpersAtATime));
    }

}

/// <summary>Every cut on one bargain, each by another helper.</summary>
internal sealed class HotCuts(BargainField bargains, string helpers, int bargain) : CutTraffic(bargains, helpers)
{
    public override int BargainOf(long number) => bargain;

    public override long HelperOf(long number) => number;
}
