using System.Buffers;
using System.Buffers.Binary;

namespace SocialCommerce.Rules;

/// <summary>A bargain's 32 secret bytes. As a value: its text is five times as long, and a million bargains keep theirs.</summary>
public readonly record struct DrawSeed
{
    public const int Bytes = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private DrawSeed(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <exception cref="FormatException">It is not 64 hexadecimal digits.</exception>
    public static DrawSeed Parse(string hex)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return hex.Length == Bytes * 2 && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done
            ? new DrawSeed(bytes)
            : throw new FormatException($"A seed is {Bytes * 2} hexadecimal digits.");
    }

    /// <summary>The seed of <see cref="Bytes"/> bytes.</summary>
    public static DrawSeed Of(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Bytes ? new DrawSeed(bytes) : throw new ArgumentOutOfRangeException(nameof(bytes), bytes.Length, $"A seed is {Bytes} bytes.");

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _d);
    }

    /// <summary>Lower-case hex.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
