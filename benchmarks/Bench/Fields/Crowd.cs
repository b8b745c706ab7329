using System.Globalization;
using System.Text;
using System.Text.Json;
using SocialCommerce.Grains;
using SocialCommerce.Journal;

namespace SocialCommerce.Bench;

/// <summary>
/// Open bargains by the hundred thousand, put into a journal just as the engine writes them: modelled on one that it has started itself.
/// Through the API a million would take longer than everything else together.
/// </summary>
internal sealed class Crowd
{
    private const short StockMoved = 21;
    private const short ShopperStarted = 31;
    private const short BargainStarted = 100;
    public const int Writers = 1_024;
    private const string InstantFormat = "yyyy-MM-ddTHH:mm:ss.fff+00:00";

    private readonly Ids _ids = new(new SecureChance());
    private readonly string _bargain;
    private readonly string _shopper;
    private readonly string _bargainId;
    private readonly string _ownerId;
    private readonly string _productId;
    private readonly string _seed;
    private readonly string _expiresAt;

    private Crowd(string bargain, string shopper)
    {
        _bargain = bargain;
        _shopper = shopper;
        using var model = JsonDocument.Parse(bargain);
        _bargainId = model.RootElement.GetProperty("bargainId").GetString()!;
        _ownerId = model.RootElement.GetProperty("ownerId").GetString()!;
        _productId = model.RootElement.GetProperty("terms").GetProperty("productId").GetString()!;
        _seed = model.RootElement.GetProperty("seed").GetString()!;
        _expiresAt = $"\"expiresAt\":{model.RootElement.GetProperty("expiresAt").GetRawText()}";
    }

    /// <summary>Takes the only bargain of a journal as the model, and has its campaign hold so many units more.</summary>
    public static async Task<Crowd> ModelledOn(IJournal journal, int unitsHeld)
    {
        var happened = (await journal.Feed(FeedPosition.Start, 1_000)).Events;
        var stock = happened.Last(one => one.Kind == StockMoved);
        var moved = Encoding.UTF8.GetBytes($$"""{"held":{{unitsHeld}},"sold":0}""");
        await journal.Append(new JournalUnit(new StreamAppend(stock.Stream, stock.Version, [new NewEvent(StockMoved, moved)])));
        return new Crowd(Text(BargainStarted), Text(ShopperStarted));

        string Text(short kind) => Encoding.UTF8.GetString(happened.Single(one => one.Kind == kind).Payload.Span);
    }

    /// <summary>Writes so many bargains of as many owners; gives their ids, in the order of their numbers.</summary>
    /// <param name="owners">What the owners' names begin with.</param>
    /// <param name="expiresAt">When the bargain of a number ends.</param>
    public async Task<string[]> Put(IJournal journal, string owners, int count, Func<int, DateTimeOffset> expiresAt)
    {
        var ids = new string[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(Write)));
        return ids;

        async Task Write()
        {
            while (Interlocked.Increment(ref next) is var number && number < count)
            {
                var owner = owners + number.ToString(CultureInfo.InvariantCulture);
                var due = expiresAt(number);
                var id = ids[number] = _ids.Bargain(DateTimeOffset.UtcNow, owner, _productId);
                var bargain = _bargain.Replace(_bargainId, id, StringComparison.Ordinal).Replace($"\"{_ownerId}\"", $"\"{owner}\"", StringComparison.Ordinal)
                    .Replace(_seed, _ids.Seed(), StringComparison.Ordinal)
                    .Replace(_expiresAt, $"\"expiresAt\":\"{due.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture)}\"", StringComparison.Ordinal);
                var shopper = _shopper.Replace(_bargainId, id, StringComparison.Ordinal);
                await journal.Append(new JournalUnit(
                    new StreamAppend("bargain/" + id, 0, [new NewEvent(BargainStarted, Encoding.UTF8.GetBytes(bargain))], DeadlineChange.At(due)),
                    new StreamAppend("shopper/" + owner, 0, [new NewEvent(ShopperStarted, Encoding.UTF8.GetBytes(shopper))])));
            }
        }
    }
}
