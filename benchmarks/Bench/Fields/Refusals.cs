namespace SocialCommerce.Bench;

/// <summary>Traffic that changes nothing: repeats, helpers whose day is used up, bargains that are over.</summary>
internal sealed class Refusals
{
    private const int RequestsMax = 10_000;
    private const int Helpers = 2_000;

    private readonly BargainField _cancelled;

    private Refusals(BargainField cancelled) => _cancelled = cancelled;

    /// <summary>Starts bargains and cancels them.</summary>
    public static async Task<Refusals> Prepare(int port, int bargains)
    {
        var field = await BargainField.Start(port, "cancelled", bargains);
        var cancels = field.Ids.Select((id, number) => Requests.Post($"/v1/bargains/{id}/cancel", $"cancelled-owner-{number}")).ToList();
        (await Load.Closed(port, 1, TimeSpan.FromSeconds(30), new OnceTraffic(cancels, 200))).Clean("cancelling");
        return new Refusals(field);
    }

    /// <summary>Cuts that were acknowledged, again: each answers with its first receipt.</summary>
    public static ReplayTraffic Repeats(SpreadCuts cuts) => new(
        [.. Acknowledged(cuts).Select(number => Post(cuts, cuts.BargainOf(number), cuts.HelperOf(number)))], 200);

    /// <summary>Helpers with three helps today, at a fourth bargain.</summary>
    public static ReplayTraffic QuotaUsed(SpreadCuts cuts) => new(
        [.. UsedUp(cuts).Select(helper => Post(cuts, FourthOf(cuts, helper), helper))], 409);

    /// <summary>Helps for bargains that were cancelled.</summary>
    public ReplayTraffic Over() => new(
        [.. Enumerable.Range(0, Helpers).Select(helper => Requests.Post(Requests.CutsPath(_cancelled.Ids[helper % _cancelled.Ids.Count]), $"late-{helper}"))], 410);

    // The latest: their grains are awake, as those of shoppers who repeat a click are.
    private static IEnumerable<long> Acknowledged(SpreadCuts cuts)
    {
        var found = 0;
        for (var number = cuts.Taken - 1; number >= 0 && found < RequestsMax; number--)
        {
            if (cuts.FateOf(number) != CutFate.Acknowledged) continue;
            found++;
            yield return number;
        }
    }

    private static List<long> UsedUp(SpreadCuts cuts)
    {
        var helpers = new HashSet<long>(Acknowledged(cuts).Select(cuts.HelperOf));
        var used = helpers.Where(helper => SpreadCuts.NumbersOf(helper).All(number => cuts.FateOf(number) == CutFate.Acknowledged)).ToList();
        return used.Count > 0 ? used : throw new BenchFaultException("no helper has used up the day yet: the warm-up was too short");
    }

    private static int FourthOf(SpreadCuts cuts, long helper)
    {
        var helped = SpreadCuts.NumbersOf(helper).Select(cuts.BargainOf).ToList();
        var bargain = (int)(helper % cuts.Field.Ids.Count);
        while (helped.Contains(bargain)) bargain = (bargain + 1) % cuts.Field.Ids.Count;
        return bargain;
    }

    private static byte[] Post(SpreadCuts cuts, int bargain, long helper) => Requests.Post(Requests.CutsPath(cuts.Field.Ids[bargain]), cuts.HelperName(helper));
}
