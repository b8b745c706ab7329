namespace SocialCommerce.Rules;

/// <summary>Whole numbers in as few bytes as they need: seven bits in each, the lowest first, the eighth says that more follow (LEB128, as DWARF 5, 7.6, has it).</summary>
public static class VarInt
{
    /// <summary>Of the largest number, in bytes.</summary>
    public const int MaxBytes = 10;

    private const int Bits = 7;
    private const byte More = 1 << Bits;

    /// <summary>In so many bytes.</summary>
    public static int Length(ulong value)
    {
        var length = 1;
        for (; value >= More; value >>= Bits) length++;
        return length;
    }

    /// <summary>Writes a number and leaves what is behind it.</summary>
    public static void Write(ref Span<byte> to, ulong value)
    {
        var length = 0;
        for (; value >= More; value >>= Bits) to[length++] = (byte)(value | More);
        to[length++] = (byte)value;
        to = to[length..];
    }

    /// <summary>Reads a number and leaves what is behind it.</summary>
    public static ulong Read(ref ReadOnlySpan<byte> from)
    {
        var value = 0UL;
        var length = 0;
        byte next;
        do
        {
            next = from[length];
            value |= (ulong)(next & ~More) << (Bits * length++);
        }
        while (next >= More);
        from = from[length..];
        return value;
    }

    /// <summary>The same for numbers that may be below zero: those near it are short ("zigzag").</summary>
    public static void WriteSigned(ref Span<byte> to, long value) => Write(ref to, (ulong)(value << 1 ^ value >> 63));

    /// <summary>Reads what <see cref="WriteSigned"/> wrote.</summary>
    public static long ReadSigned(ref ReadOnlySpan<byte> from)
    {
        var value = Read(ref from);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
