namespace SocialCommerce.Bench;

/// <summary>The same requests round and round, with one expected answer.</summary>
internal sealed class ReplayTraffic(IReadOnlyList<byte[]> requests, int expected) : Traffic
{
    public override int Expected => expected;

    public override int Write(long number, Span<byte> request)
    {
        var bytes = requests[(int)(number % requests.Count)];
        bytes.CopyTo(request);
        return bytes.Length;
    }
}

/// <summary>Each request once.</summary>
internal sealed class OnceTraffic(IReadOnlyList<byte[]> requests, int expected) : Traffic
{
    public override int Expected => expected;

    protected override long Count => requests.Count;

    public override int Write(long number, Span<byte> request)
    {
        requests[(int)number].CopyTo(request);
        return requests[(int)number].Length;
    }
}
