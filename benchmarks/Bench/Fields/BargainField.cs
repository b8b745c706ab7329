using System.Text;

namespace SocialCommerce.Bench;

/// <summary>Open bargains of one campaign, each of another owner, started through the API. No number of cuts here brings one to its floor.</summary>
internal sealed class BargainField
{
    public const long StartPriceFen = 1_000_000_000;

    private const int SetUpConnections = 64;
    private static readonly TimeSpan SetUpPatience = TimeSpan.FromMinutes(5);

    public BargainField(IReadOnlyList<string> ids)
    {
        Ids = ids;
        CutHeads = [.. ids.Select(id => Requests.PostHead(Requests.CutsPath(id)))];
    }

    public IReadOnlyList<string> Ids { get; }

    /// <summary>The beginning of the request to help a bargain.</summary>
    public byte[][] CutHeads { get; }

    /// <summary>Publishes a campaign and starts so many bargains in it.</summary>
    /// <param name="name">Campaign, product and owners are named after it.</param>
    /// <param name="perSecond">How many are started in a second; as fast as can be when 0.</param>
    /// <param name="stock">Units of the campaign; one for each bargain when null.</param>
    public static async Task<BargainField> Start(int port, string name, int count, int durationSeconds = 86_400, double perSecond = 0, int? stock = null)
    {
        await Publish(port, name, stock ?? count, durationSeconds);
        var starts = new Starts(name, count);
        var connections = Math.Min(count, SetUpConnections);
        var load = perSecond > 0 ? Load.Open(port, connections, perSecond, SetUpPatience, starts) : Load.Closed(port, connections, SetUpPatience, starts);
        var result = (await load).Clean($"starting {count} bargains");
        if (result.Answered != count) throw new BenchFaultException($"{result.Answered} of {count} bargains were started");
        return new BargainField(starts.Ids);
    }

    /// <summary>Cuts of one or two fen, so that bargains stay open.</summary>
    private static Task Publish(int port, string name, int stock, int durationSeconds) => Campaigns.Publish(port, name, new
    {
        kind = "bargain",
        product = new { id = "product-" + name, title = "Umbrella" },
        endsAt = DateTimeOffset.UtcNow.AddDays(30),
        stock,
        listPriceFen = StartPriceFen,
        durationSeconds,
        cut = new { policy = "amounts", existing = new { minFen = 1, maxFen = 1 }, @new = new { minFen = 1, maxFen = 2 } },
    });

    /// <summary>Each owner starts one.</summary>
    private sealed class Starts(string name, int count) : Traffic
    {
        private readonly byte[] _head = Requests.PostHead($"/v1/campaigns/{name}/bargains");
        private readonly byte[] _owner = Encoding.ASCII.GetBytes($"{name}-owner-");

        public string[] Ids { get; } = new string[count];

        public override int Expected => 201;

        protected override long Count => count;

        public override int Write(long number, Span<byte> request) => Requests.Write(_head, _owner, number, request);

        public override void Told(long number, int status, ReadOnlySpan<byte> body)
        {
            if (status == Expected) Ids[number] = Requests.TextOf(body, "\"bargainId\":\""u8);
        }
    }
}
