using System.Globalization;
using System.Text.Json;

namespace SocialCommerce.Bench;

/// <summary>
/// Reads back through the API what the load left behind: every acknowledged cut is there once, nothing else is, sums are exact, and
/// nobody helped more than three times.
/// </summary>
internal sealed class Audit
{
    private const int Readers = 8;
    private const int FaultsShown = 5;

    private readonly BargainField _field;
    private readonly int _port;
    private readonly Dictionary<string, CutFate>[] _expected;
    private readonly Dictionary<string, int> _helps = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<string> _faults = [];
    private int _next = -1;
    private long _acknowledged;
    private long _found;
    private long _cutsRead;

    private Audit(BargainField field, int port)
    {
        _field = field;
        _port = port;
        _expected = [.. field.Ids.Select(_ => new Dictionary<string, CutFate>(StringComparer.Ordinal))];
    }

    /// <summary>Checks the sum of every bargain (or of every so many-th), and the cuts one by one of every so many-th.</summary>
    /// <returns>What was found in order, in one line.</returns>
    /// <exception cref="BenchFaultException">Something acknowledged is missing, or anything else is wrong.</exception>
    public static async Task<string> Check(int port, BargainField field, IEnumerable<CutTraffic> traffics, int cutsOfEvery = 1, int bargainsOfEvery = 1)
    {
        var audit = new Audit(field, port);
        foreach (var traffic in traffics) audit.Expect(traffic);
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(() => audit.Read(cutsOfEvery, bargainsOfEvery))));
        await Task.Yield();
        audit.CheckQuotas();
        if (audit._faults.Count > 0) throw new BenchFaultException($"audit: {audit._faults.Count} faults, such as {string.Join("; ", audit._faults.Take(FaultsShown))}");
        var unanswered = audit._expected.Sum(bargain => bargain.Values.Count(fate => fate == CutFate.Unknown));
        var where = bargainsOfEvery == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" in every {bargainsOfEvery}th bargain, as many as were acknowledged there");
        return string.Create(CultureInfo.InvariantCulture,
            $"{audit._acknowledged:#,##0} acknowledged cuts and {audit._found:#,##0} stored{where} ({unanswered:#,##0} had no answer), sums of {(field.Ids.Count + bargainsOfEvery - 1) / bargainsOfEvery:#,##0} bargains exact, {audit._cutsRead:#,##0} cuts read one by one");
    }

    private void Expect(CutTraffic traffic)
    {
        for (long number = 0; number < traffic.Taken; number++)
        {
            var fate = traffic.FateOf(number);
            if (fate is CutFate.NotSent or CutFate.Refused) continue;
            if (fate == CutFate.Acknowledged) _acknowledged++;
            _expected[traffic.BargainOf(number)].Add(traffic.HelperName(traffic.HelperOf(number)), fate);
        }
    }

    private async Task Read(int cutsOfEvery, int bargainsOfEvery)
    {
        using var wire = new WireConnection();
        await wire.Connect(_port);
        while (Interlocked.Increment(ref _next) is var turn && turn * (long)bargainsOfEvery < _field.Ids.Count)
        {
            await Read(wire, turn * bargainsOfEvery, cuts: turn % cutsOfEvery == 0);
        }
    }

    private async Task Read(WireConnection wire, int bargain, bool cuts)
    {
        var id = _field.Ids[bargain];
        using var view = await Get(wire, $"/v1/bargains/{id}");
        var price = view.RootElement.GetProperty("priceFen").GetInt64();
        var start = view.RootElement.GetProperty("startPriceFen").GetInt64();
        var count = view.RootElement.GetProperty("cutCount").GetInt32();
        Interlocked.Add(ref _found, count);

        var expected = _expected[bargain];
        var unknown = expected.Values.Count(fate => fate == CutFate.Unknown);
        if (count < expected.Count - unknown || count > expected.Count) Fault($"{id} has {count} cuts; {expected.Count - unknown} were acknowledged and {unknown} had no answer");
        if (price < 0 || start - price < count || start - price > count * 2L) Fault($"{id} costs {price} after {count} cuts of 1 or 2 fen from {start}");
        if (cuts) await ReadCuts(wire, id, expected, start, price);
    }

    private async Task ReadCuts(WireConnection wire, string id, Dictionary<string, CutFate> expected, long start, long priceAtEnd)
    {
        var helpers = new HashSet<string>(StringComparer.Ordinal);
        var price = start;
        string? after = null;
        do
        {
            using var page = await Get(wire, $"{Requests.CutsPath(id)}?limit=200{(after is null ? "" : "&after=" + after)}");
            foreach (var cut in page.RootElement.GetProperty("items").EnumerateArray())
            {
                var helper = cut.GetProperty("helperId").GetString()!;
                price -= cut.GetProperty("cutFen").GetInt64();
                if (!helpers.Add(helper)) Fault($"{helper} cut {id} twice");
                if (cut.GetProperty("priceFen").GetInt64() != price) Fault($"{id}: the price after cut {helpers.Count} is not the sum of the cuts");
                if (!expected.ContainsKey(helper)) Fault($"{id} has a cut by {helper} that nobody asked for");
            }

            after = page.RootElement.TryGetProperty("next", out var next) ? next.ToString() : null;
        }
        while (after is { Length: > 0 });

        foreach (var (helper, fate) in expected)
        {
            if (fate == CutFate.Acknowledged && !helpers.Contains(helper)) Fault($"{id} lost the acknowledged cut by {helper}");
        }

        if (price != priceAtEnd) Fault($"{id} costs {priceAtEnd}; its cuts leave {price}");
        lock (_gate)
        {
            _cutsRead += helpers.Count;
            foreach (var helper in helpers) _helps[helper] = _helps.GetValueOrDefault(helper) + 1;
        }
    }

    private void CheckQuotas()
    {
        foreach (var (helper, count) in _helps.Where(helps => helps.Value > SpreadCuts.HelpsPerHelper)) Fault($"{helper} helped {count} times");
    }

    private static async Task<JsonDocument> Get(WireConnection wire, string path)
    {
        var request = Requests.Get(path);
        request.CopyTo(wire.Request, 0);
        var status = await wire.Exchange(request.Length);
        if (status != 200) throw new BenchFaultException($"audit: GET {path} answered {status}");
        return JsonDocument.Parse(wire.Body.ToArray());
    }

    private void Fault(string fault)
    {
        lock (_gate) _faults.Add(fault);
    }
}
