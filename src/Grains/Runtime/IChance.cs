using System.Security.Cryptography;

namespace SocialCommerce.Grains;

/// <summary>Where ids and seeds come from.</summary>
public interface IChance
{
    void Fill(Span<byte> bytes);
}

/// <summary>The operating system's secure chance.</summary>
public sealed class SecureChance : IChance
{
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
