using System.Globalization;

namespace SocialCommerce.Api;

/// <summary>Cursors are texts to callers, whatever a list counts with inside.</summary>
internal static class Cursors
{
    public static string? Of(int? next) => next?.ToString(CultureInfo.InvariantCulture);
}
