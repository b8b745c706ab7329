namespace SocialCommerce.Rules;

/// <summary>A cut without its helper's name, in a third of the room that its numbers have elsewhere. In memory alone: nothing is stored like this.</summary>
internal static class PackedCut
{
    private const int Numbers = 8;

    public const int MaxBytes = Numbers * VarInt.MaxBytes;

    public static ReadOnlySpan<byte> Pack(CutEntry cut, Span<byte> buffer)
    {
        var rest = buffer;
        VarInt.Write(ref rest, (ulong)cut.CutNumber << 1 | (cut.NewShopper ? 1UL : 0));
        VarInt.WriteSigned(ref rest, cut.CutFen);
        VarInt.WriteSigned(ref rest, cut.PriceFen);
        WriteTime(ref rest, cut.AtUtc.Ticks);
        // Within a day, most often; the owner's own cut counts as no help and has no such day.
        WriteTime(ref rest, cut.HelpsResetAtUtc.Ticks - cut.AtUtc.Ticks);
        VarInt.WriteSigned(ref rest, cut.Depth);
        VarInt.Write(ref rest, cut.HelpsUsed);
        VarInt.Write(ref rest, cut.HelpsLimit);
        return buffer[..^rest.Length];
    }

    public static CutEntry Unpack(string helperId, ReadOnlySpan<byte> packed)
    {
        var number = VarInt.Read(ref packed);
        var cutFen = VarInt.ReadSigned(ref packed);
        var priceFen = VarInt.ReadSigned(ref packed);
        var at = ReadTime(ref packed);
        var resetAt = at + ReadTime(ref packed);
        return new CutEntry(
            helperId, cutFen, priceFen, new DateTime(at, DateTimeKind.Utc), new DateTime(resetAt, DateTimeKind.Utc),
            (short)VarInt.ReadSigned(ref packed), (ushort)VarInt.Read(ref packed), (ushort)VarInt.Read(ref packed), (number & 1) != 0, (int)(number >> 1));
    }

    // Whole milliseconds, as all times of the engine are, take half the bytes of ticks.
    private static void WriteTime(ref Span<byte> to, long ticks)
    {
        var isWhole = ticks % TimeSpan.TicksPerMillisecond == 0;
        VarInt.WriteSigned(ref to, (isWhole ? ticks / TimeSpan.TicksPerMillisecond : ticks) << 1 | (isWhole ? 0L : 1));
    }

    private static long ReadTime(ref ReadOnlySpan<byte> from)
    {
        var time = VarInt.ReadSigned(ref from);
        return (time & 1) != 0 ? time >> 1 : (time >> 1) * TimeSpan.TicksPerMillisecond;
    }
}
