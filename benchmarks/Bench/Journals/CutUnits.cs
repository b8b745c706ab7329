using System.Diagnostics;
using SocialCommerce.Journal;

namespace SocialCommerce.Bench;

/// <summary>Units as cuts make them, from many callers at once, each waiting for its own: the bargain's event and the helper's, as long as real ones.</summary>
internal sealed class CutUnits
{
    public const int Appenders = 256;

    private const int BargainsEach = 40;
    private const int HelpsPerHelper = 3;
    private const short CutKind = 101;
    private const short HelpedKind = 30;

    /// <summary>242 bytes.</summary>
    public static readonly byte[] CutPayload =
        """{"cutNumber":12,"helperId":"shopper-0123456789","cutFen":312,"priceFen":123456,"newShopper":false,"helpsUsed":2,"helpsLimit":3,"helpsResetAt":"2026-11-22T16:00:00+00:00","campaignId":"campaign-umbrella","at":"2026-11-22T03:04:05.1234567+00:00"}"""u8.ToArray();

    /// <summary>148 bytes.</summary>
    public static readonly byte[] HelpedPayload =
        """{"bargainId":"b_01hv7x9k2q0123456789abcdef0123456789ab","ownerId":"shopper-9876543210","productId":"umbrella","day":20779,"at":"2026-11-22T03:04:05Z"}"""u8.ToArray();

    private readonly int[][] _versions = [.. Enumerable.Range(0, Appenders).Select(_ => new int[BargainsEach])];
    private readonly long[] _appended = new long[Appenders];

    public long Appended => _appended.Sum();

    /// <summary>Appends for the time given; units a second.</summary>
    public async Task<double> Run(IJournal journal, TimeSpan window)
    {
        var before = Appended;
        var started = Stopwatch.GetTimestamp();
        var ends = started + (long)(window.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(() => Append(journal, appender, ends))));
        return (Appended - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Every bargain's stream holds what was acknowledged.</summary>
    public async Task Check(IJournal journal)
    {
        for (var appender = 0; appender < Appenders; appender++)
        {
            for (var bargain = 0; bargain < BargainsEach; bargain++)
            {
                var stored = (await journal.Read(BargainStream(appender, bargain))).Count;
                if (stored != _versions[appender][bargain])
                    throw new BenchFaultException($"the journal holds {stored} events of a stream that {_versions[appender][bargain]} were acknowledged for");
            }
        }
    }

    public static string BargainStream(int appender, int bargain) => $"bargain/b_{appender:000}-{bargain:000}-0123456789abcdefghjkmn";

    public static string HelperStream(int appender, long helper) => $"shopper/shopper-{appender:000}-{helper:0000000}";

    private async Task Append(IJournal journal, int appender, long ends)
    {
        while (Stopwatch.GetTimestamp() < ends)
        {
            var number = _appended[appender];
            var bargain = (int)(number % BargainsEach);
            await journal.Append(new JournalUnit(
                new StreamAppend(BargainStream(appender, bargain), _versions[appender][bargain], [new NewEvent(CutKind, CutPayload)]),
                new StreamAppend(HelperStream(appender, number / HelpsPerHelper), (int)(number % HelpsPerHelper), [new NewEvent(HelpedKind, HelpedPayload)])));
            _versions[appender][bargain]++;
            _appended[appender]++;
        }
    }
}
