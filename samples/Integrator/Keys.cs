using System.Security.Cryptography;
using System.Text;

namespace SocialCommerce.Integrator;

/// <summary>Request keys: what makes a call repeatable that isn't so by its nature.</summary>
internal static class Keys
{
    /// <param name="run">Keep it with your own data before you call: whoever repeats must find the same one.</param>
    /// <param name="step">Which request of the run.</param>
    /// <param name="content">All that the request says. The same key with another content is answered with <see cref="Outcome.KeyReused"/>.</param>
    public static RequestKey For(string run, string step, params string[] content) => new()
    {
        // Keys are one space for all callers of the engine, so the caller's own name comes first.
        Key = $"integrator/{run}/{step}",
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', content)))),
    };
}
