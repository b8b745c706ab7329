namespace SocialCommerce.Api.Tests;

/// <summary>A request that works, with one to three parts of it made hostile; the same for the same seed.</summary>
internal sealed class HostileRequest
{
    private const string Campaign = """{"kind":"bargain","product":{"id":"a","title":"电饭煲"},"endsAt":"2030-01-01T00:00:00Z","stock":1,"listPriceFen":5,"cut":{"policy":"amounts","existing":{"minFen":1,"maxFen":2},"new":{"minFen":1,"maxFen":2}}}""";
    private const string GroupBuy = """{"kind":"groupBuy","product":{"id":"a","title":"b"},"endsAt":"2030-01-01T00:00:00Z","stock":1,"fill":{"whenAtLeast":{"members":3}},"tiers":[{"size":2,"priceFen":1}]}""";
    private const string Payment = """{"paymentId":"pay-1","amountFen":100}""";

    // All that the contract has but the live ones, whose answers have no end.
    private static readonly (string Method, string Path, string? Body)[] Working =
    [
        ("PUT", "/v1/campaigns/c-1", Campaign), ("PUT", "/v1/campaigns/c-1", GroupBuy),
        ("POST", "/v1/campaigns/c-1/pause", null), ("POST", "/v1/campaigns/c-1/close", "{}"), ("GET", "/v1/campaigns?limit=5", null), ("GET", "/v1/campaigns/c-1", null),
        ("GET", "/v1/campaigns/c-1/stats", null), ("POST", "/v1/campaigns/c-1/bargains", """{"via":"x"}"""), ("GET", "/v1/bargains/b-1", null),
        ("GET", "/v1/bargains/b-1/cuts?after=1&limit=5", null), ("POST", "/v1/bargains/b-1/cuts", """{"via":"x"}"""), ("POST", "/v1/bargains/b-1/claim", """{"atCurrentPrice":true}"""),
        ("POST", "/v1/bargains/b-1/cancel", null), ("GET", "/v1/bargains/b-1/fairness", null), ("POST", "/v1/bargains/b-1/share", """{"channel":"wechat"}"""),
        ("POST", "/v1/campaigns/c-1/teams", "{}"), ("GET", "/v1/campaigns/c-1/teams?open=true", null), ("GET", "/v1/teams/t-1", null), ("POST", "/v1/teams/t-1/seats", "{}"),
        ("DELETE", "/v1/teams/t-1/seats/s-1", null), ("POST", "/v1/teams/t-1/seats/s-1/payment", Payment), ("POST", "/v1/teams/t-1/seats/s-1/refund", """{"refundId":"r-1"}"""),
        ("POST", "/v1/campaigns/c-1/purchases", "{}"), ("GET", "/v1/purchases/p-1", null), ("POST", "/v1/purchases/p-1/payment", Payment), ("POST", "/v1/purchases/p-1/refund", """{"refundId":"r-1"}"""),
        ("POST", "/v1/teams/t-1/share", "{}"), ("GET", "/v1/me", null), ("PUT", "/v1/shoppers/bob", """{"existing":true}"""), ("GET", "/v1/events?after=0-1&limit=5&wait=0", null),
    ];

    private static readonly string[] Texts =
    [
        "", "%00", "a%00b", "%ff%fe", "%c0%af", "..%2f..%2fetc%2fpasswd", "%F0%9F%98%80", "%E7%A0%8D", "a%20b", "'%20OR%201=1--", "%3Cscript%3E", "-", ".", "..", "~", "%25", "%zz", "%", "${jndi:ldap://x}",
        "{{7*7}}", "%0d%0aX-Api-Key:%20dev", "null", "0", "-1", "1e400", "9223372036854775808", "a:b", "a;b=c", "a,b", "a@b", "a+b", "__proto__", new('a', 65), new('a', 300), new('9', 400),
    ];

    private static readonly string[] Headers =
        ["X-User-Id", "X-Api-Key", "Idempotency-Key", "Content-Type", "Authorization", "Accept", "Accept-Encoding", "Last-Event-ID", "traceparent", "X-Forwarded-For", "X-HTTP-Method-Override", "Expect", "Cookie", "Origin", "Range"];

    private static readonly string[] Values =
    [
        "", " ", "dev", "bob", "bob,alice", "application/json; charset=utf-16", "text/html", "application/json;;", "Bearer ", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJib2IifQ.", "Basic Zm9vOmJhcg==",
        "00-0-0-00", "a\tb", "caf\u00e9", "'; DROP TABLE events;--", new('k', 255), new('k', 256), new('k', 3_000), "-1", "*/*;q=nan", "bytes=0-9999999999", "\u0080\u009f", "%00", "a/../b",
    ];

    private static readonly string[] Pieces =
    [
        "\"", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e400", "0.1", "-0", "1E5", "\\u0000", "\\ud83d", "\u0007", "\"\"", "{}", "[]", "\"none\"", "99999999999999999999", "\"\\u0000\"", "/*x*/", "NaN", "'a'", "\u00ff\u00fe",
        "\"kind\":", "\"paymentId\":", "\"amountFen\":-1", "\"via\":{}", "\u00ef\u00bb\u00bf",
    ];

    private readonly Random _random;
    private readonly List<(string Name, string Value)> _headers = [("Host", "localhost"), ("X-Api-Key", "dev"), ("X-User-Id", "bob")];
    private string _method;
    private string _path;
    private byte[]? _body;

    public HostileRequest(int seed)
    {
        _random = new Random(seed);
        (_method, _path, var body) = Pick(Working);
        _body = body is null ? null : Encoding.UTF8.GetBytes(body);
        if (_body is not null) _headers.Add(("Content-Type", "application/json"));
        for (var edits = _random.Next(1, 4); edits > 0; edits--) Edit();
        Bytes = Written();
        // One in ten: anything anywhere, so that the server may not even know where it ends.
        IsBroken = _random.Next(10) == 0;
        for (var edits = IsBroken ? _random.Next(1, 5) : 0; edits > 0; edits--) Bytes[_random.Next(Bytes.Length)] = (byte)_random.Next(256);
    }

    public byte[] Bytes { get; }

    /// <summary>It is not even HTTP any more, perhaps.</summary>
    public bool IsBroken { get; }

    private void Edit()
    {
        switch (_random.Next(8))
        {
            case 0:
                var places = _path.Split('?')[0].Split('/');
                places[_random.Next(1, places.Length)] = _random.Next(4) == 0 ? Escaped(_random.Next(1, 90)) : Pick(Texts);
                _path = string.Join('/', places);
                break;
            case 1:
                _path += (_path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + Pick(["after", "limit", "wait", "open", "campaignId", "kinds", ""]) + "=" + Pick(Texts);
                break;
            case 2:
                _headers.Add((Pick(Headers), Pick(Values)));
                break;
            case 3:
                var place = _random.Next(1, _headers.Count);
                _headers[place] = (_headers[place].Name, Pick(Values));
                break;
            case 4:
                // HEAD is answered without a body, CONNECT by another protocol.
                _method = Pick(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "X"]);
                break;
            case 5:
                _body = Pick<Func<byte[]>>([() => [], () => Encoding.UTF8.GetBytes(new string('[', _random.Next(1, 3_000))), () => new byte[66_000], () => Noise(_random.Next(1, 300)), () => "\"x\""u8.ToArray()])();
                break;
            default:
                _body = Edited(_body ?? "{}"u8.ToArray());
                break;
        }
    }

    private byte[] Edited(byte[] body)
    {
        var at = _random.Next(body.Length + 1);
        var cut = Math.Min(_random.Next(10), body.Length - at);
        return [.. body.AsSpan(0, at), .. Encoding.Latin1.GetBytes(Pick(Pieces)), .. body.AsSpan(at + cut)];
    }

    private byte[] Written()
    {
        var head = new StringBuilder().Append(_method).Append(' ').Append(_path).Append(" HTTP/1.1\r\n");
        foreach (var (name, value) in _headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (_body is not null) head.Append("Content-Length: ").Append(_body.Length).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. _body ?? []];
    }

    private string Escaped(int count) => string.Concat(Noise(count).Select(one => $"%{one:x2}"));

    private byte[] Noise(int count)
    {
        var noise = new byte[count];
        _random.NextBytes(noise);
        return noise;
    }

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
