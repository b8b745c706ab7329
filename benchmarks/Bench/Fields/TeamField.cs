using System.Text;
using System.Text.Json;

namespace SocialCommerce.Bench;

/// <summary>Open teams of a thousand seats, and shoppers who fill one after the other.</summary>
internal sealed class TeamField : Traffic
{
    private const int Size = 1_000;

    // The one who opened a team has a seat already.
    private const int JoinsPerTeam = Size - 1;

    private static readonly byte[] Joiner = "joiner-"u8.ToArray();

    private readonly string[] _ids;
    private readonly byte[][] _heads;
    private long _joined;

    private TeamField(string[] ids)
    {
        _ids = ids;
        _heads = [.. ids.Select(id => Requests.PostHead($"/v1/teams/{id}/seats"))];
    }

    /// <summary>The team that is filled first.</summary>
    public string First => _ids[0];

    public override int Expected => 201;

    protected override long Count => _ids.Length * (long)JoinsPerTeam;

    /// <summary>Publishes a campaign and opens so many teams in it.</summary>
    public static async Task<TeamField> Open(int port, string name, int teams)
    {
        await Campaigns.Publish(port, name, new
        {
            kind = "groupBuy",
            product = new { id = "product-" + name, title = "Umbrella" },
            endsAt = DateTimeOffset.UtcNow.AddDays(30),
            stock = teams * Size,
            soloPriceFen = 2_000,
            teamPriceFen = 1_500,
            teamSize = Size,
            seatHoldSeconds = 3_600,
        });
        var opens = new Opens(name, teams);
        (await Load.Closed(port, Math.Min(teams, 16), TimeSpan.FromMinutes(1), opens)).Clean($"opening {teams} teams");
        return new TeamField(opens.Ids);
    }

    public override int Write(long number, Span<byte> request) => Requests.Write(_heads[number / JoinsPerTeam], Joiner, number, request);

    public override void Told(long number, int status, ReadOnlySpan<byte> body)
    {
        if (status == Expected) Interlocked.Increment(ref _joined);
    }

    /// <summary>Every acknowledged seat is held, and no other.</summary>
    /// <exception cref="BenchFaultException">A team holds another number of seats.</exception>
    public async Task<string> Check(int port)
    {
        using var wire = new WireConnection();
        await wire.Connect(port);
        long held = 0;
        foreach (var id in _ids)
        {
            var request = Requests.Get($"/v1/teams/{id}");
            request.CopyTo(wire.Request, 0);
            if (await wire.Exchange(request.Length) is not 200 and var status) throw new BenchFaultException($"reading a team answered {status}");
            using var team = JsonDocument.Parse(wire.Body.ToArray());
            var seats = team.RootElement.GetProperty("held").GetInt32();
            if (seats > Size) throw new BenchFaultException($"{id} holds {seats} of {Size} seats");
            held += seats - 1;
        }

        await Task.Yield();
        if (held != _joined) throw new BenchFaultException($"{_joined} seats were acknowledged, {held} are held");
        return $"{_joined} acknowledged seats, all held, none over {Size}";
    }

    private sealed class Opens(string name, int teams) : Traffic
    {
        private readonly byte[] _head = Requests.PostHead($"/v1/campaigns/{name}/teams");
        private readonly byte[] _leader = Encoding.ASCII.GetBytes($"{name}-leader-");

        public string[] Ids { get; } = new string[teams];

        public override int Expected => 201;

        protected override long Count => teams;

        public override int Write(long number, Span<byte> request) => Requests.Write(_head, _leader, number, request);

        public override void Told(long number, int status, ReadOnlySpan<byte> body)
        {
            if (status == Expected) Ids[number] = Requests.TextOf(body, "\"teamId\":\""u8);
        }
    }
}
