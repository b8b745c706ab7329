namespace SocialCommerce.Rules;

/// <summary>
/// A bargain's state as some hundred bytes and those of its cuts, for bargains at rest: without its id, by which it is found, and with a number
/// for its terms, which many share. In memory alone: nothing is stored like this.
/// </summary>
public static class PackedBargain
{
    private const int Numbers = 12;

    /// <summary>As many bytes at most does the state take.</summary>
    public static int MaxBytes(BargainState bargain) =>
        Numbers * VarInt.MaxBytes + DrawSeed.Bytes + bargain.Cuts.PackedBytesMax + (bargain.OwnerId.Length + (bargain.ClaimId?.Length ?? 0)) * PackedText.BytesPerCharMax;

    /// <summary>Packs the state into a buffer of <see cref="MaxBytes"/>.</summary>
    /// <param name="terms">Stands for the bargain's terms.</param>
    public static ReadOnlySpan<byte> Pack(BargainState bargain, int terms, Span<byte> buffer)
    {
        var rest = buffer;
        VarInt.Write(ref rest, (uint)terms);
        VarInt.Write(ref rest, (uint)bargain.Version);
        VarInt.Write(ref rest, (uint)bargain.Status << 1 | (bargain.ClaimId is null ? 0U : 1U));
        VarInt.Write(ref rest, (uint)bargain.Helps);
        VarInt.WriteSigned(ref rest, bargain.Generation);
        VarInt.WriteSigned(ref rest, bargain.PriceFen);
        VarInt.Write(ref rest, (ulong)bargain.StartedAt.UtcTicks);
        VarInt.WriteSigned(ref rest, (bargain.ExpiresAt - bargain.StartedAt).Ticks);
        VarInt.Write(ref rest, (ulong)(bargain.ClaimBefore?.UtcTicks ?? 0));
        VarInt.Write(ref rest, (ulong)(bargain.EndedAt?.UtcTicks ?? 0));
        bargain.Seed.CopyTo(rest);
        rest = rest[DrawSeed.Bytes..];
        PackedText.Write(ref rest, bargain.OwnerId);
        if (bargain.ClaimId is not null) PackedText.Write(ref rest, bargain.ClaimId);
        bargain.Cuts.Pack(ref rest);
        return buffer[..^rest.Length];
    }

    /// <summary>The state that was packed.</summary>
    /// <param name="terms">By the numbers that stand for them.</param>
    public static BargainState Unpack(string bargainId, ReadOnlySpan<byte> packed, IReadOnlyList<BargainTerms> terms)
    {
        var number = (int)VarInt.Read(ref packed);
        var version = (int)VarInt.Read(ref packed);
        var flags = VarInt.Read(ref packed);
        var helps = (int)VarInt.Read(ref packed);
        var generation = (int)VarInt.ReadSigned(ref packed);
        var priceFen = VarInt.ReadSigned(ref packed);
        var startedAt = new DateTimeOffset((long)VarInt.Read(ref packed), TimeSpan.Zero);
        var expiresAt = startedAt.AddTicks(VarInt.ReadSigned(ref packed));
        var claimBefore = ReadTime(ref packed);
        var endedAt = ReadTime(ref packed);
        var seed = DrawSeed.Of(packed[..DrawSeed.Bytes]);
        packed = packed[DrawSeed.Bytes..];
        var ownerId = PackedText.Read(ref packed);
        var claimId = (flags & 1) == 0 ? null : PackedText.Read(ref packed);
        return new BargainState
        {
            BargainId = bargainId,
            OwnerId = ownerId,
            Status = (BargainStatus)(flags >> 1),
            TermsOrNull = terms[number],
            Seed = seed,
            StartedAt = startedAt,
            ExpiresAt = expiresAt,
            ClaimBefore = claimBefore,
            EndedAt = endedAt,
            PriceFen = priceFen,
            Helps = helps,
            ClaimId = claimId,
            Cuts = CutLog.Unpack(ref packed),
            Generation = generation,
            Version = version,
        };
    }

    private static DateTimeOffset? ReadTime(ref ReadOnlySpan<byte> packed) => VarInt.Read(ref packed) is var ticks and not 0 ? new DateTimeOffset((long)ticks, TimeSpan.Zero) : null;
}
