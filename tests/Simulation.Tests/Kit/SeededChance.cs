using System.Buffers.Binary;
using SocialCommerce.Grains;

namespace SocialCommerce.Simulation.Tests;

/// <summary>Ids and secret seeds of one silo's life.</summary>
internal sealed class SeededChance(Dice dice) : IChance
{
    public void Fill(Span<byte> bytes)
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        while (bytes.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(drawn, dice.Next());
            var length = Math.Min(bytes.Length, drawn.Length);
            drawn[..length].CopyTo(bytes);
            bytes = bytes[length..];
        }
    }
}
