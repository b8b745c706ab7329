namespace SocialCommerce.Rules;

/// <summary>A cut without its helper's name, in half of the room that its numbers have elsewhere. In memory alone: nothing is stored like this.</summary>
internal static class PackedCut
{
    /// <summary>Of its nine numbers.</summary>
    public const int MaxBytes = 9 * VarInt.MaxBytes;

    private const int UnitBits = 2;

    // Times are kept in the largest unit that they are a whole number of: the engine's are whole milliseconds, its days end with a whole second.
    private static ReadOnlySpan<long> Units => [1, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond];

    public static ReadOnlySpan<byte> Pack(CutEntry cut, Span<byte> buffer)
    {
        var at = cut.AtUtc.Ticks;
        // From the cut's second on it is less than a day, most often; the owner's own cut counts as no help and has no such day.
        var reset = cut.HelpsResetAtUtc.Ticks - SecondOf(at);
        var (atUnit, resetUnit) = (UnitOf(at), UnitOf(reset));
        var rest = buffer;
        VarInt.Write(ref rest, (ulong)((resetUnit << UnitBits | atUnit) << 1 | (cut.NewShopper ? 1 : 0)));
        VarInt.Write(ref rest, (ulong)cut.CutNumber);
        VarInt.WriteSigned(ref rest, cut.CutFen);
        VarInt.WriteSigned(ref rest, cut.PriceFen);
        VarInt.WriteSigned(ref rest, at / Units[atUnit]);
        VarInt.WriteSigned(ref rest, reset / Units[resetUnit]);
        VarInt.WriteSigned(ref rest, cut.Depth);
        VarInt.Write(ref rest, cut.HelpsUsed);
        VarInt.Write(ref rest, cut.HelpsLimit);
        return buffer[..^rest.Length];
    }

    public static CutEntry Unpack(string helperId, ReadOnlySpan<byte> packed)
    {
        var flags = (int)VarInt.Read(ref packed);
        var number = (int)VarInt.Read(ref packed);
        var cutFen = VarInt.ReadSigned(ref packed);
        var priceFen = VarInt.ReadSigned(ref packed);
        var at = VarInt.ReadSigned(ref packed) * Units[flags >> 1 & (1 << UnitBits) - 1];
        var reset = VarInt.ReadSigned(ref packed) * Units[flags >> 1 >> UnitBits] + SecondOf(at);
        return new CutEntry(
            helperId, cutFen, priceFen, new DateTime(at, DateTimeKind.Utc), new DateTime(reset, DateTimeKind.Utc),
            (short)VarInt.ReadSigned(ref packed), (ushort)VarInt.Read(ref packed), (ushort)VarInt.Read(ref packed), (flags & 1) != 0, number);
    }

    private static long SecondOf(long ticks) => ticks - ticks % TimeSpan.TicksPerSecond;

    private static int UnitOf(long ticks)
    {
        var unit = Units.Length - 1;
        while (ticks % Units[unit] != 0) unit--;
        return unit;
    }
}
