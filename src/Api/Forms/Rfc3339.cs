using System.Globalization;
using System.Text.RegularExpressions;

namespace SocialCommerce.Api;

/// <summary>Times as RFC 3339 writes them, with any number of decimals. The framework's own forms take at most seven, and offsets without a colon.</summary>
internal static partial class Rfc3339
{
    /// <summary>Of the years that every sum of times here stays within the calendar for.</summary>
    public const int YearMin = 2;
    public const int YearMax = 9998;

    private const int DecimalsMax = 7;

    /// <summary>Null for a text of another form, and for a year that is out of range.</summary>
    /// <param name="isOutOfRange">It is a time, only too early or too late.</param>
    public static DateTimeOffset? Read(string? text, out bool isOutOfRange)
    {
        isOutOfRange = false;
        var match = Form().Match(text ?? "");
        if (!match.Success) return null;
        var decimals = match.Groups["decimals"].Value;
        var local = $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{decimals[..Math.Min(decimals.Length, 1 + DecimalsMax)]}";
        if (!DateTime.TryParseExact(local, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return null;

        // First as it is written, since an offset could lead out of the calendar.
        isOutOfRange = !IsInRange(at) || !IsInRange(at - OffsetOf(match));
        return isOutOfRange ? null : new DateTimeOffset(at - OffsetOf(match), TimeSpan.Zero);
    }

    private static bool IsInRange(DateTime at) => at.Year is >= YearMin and <= YearMax;

    private static TimeSpan OffsetOf(Match match)
    {
        if (!match.Groups["hours"].Success) return TimeSpan.Zero;
        var offset = new TimeSpan(int.Parse(match.Groups["hours"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["minutes"].Value, CultureInfo.InvariantCulture), 0);
        return match.Groups["sign"].Value == "-" ? -offset : offset;
    }

    [GeneratedRegex(@"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<decimals>\.[0-9]+)?([Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
