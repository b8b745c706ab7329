namespace SocialCommerce.Journal;

/// <summary>Moments as the stores keep them: milliseconds since 1970, UTC.</summary>
internal static class Moment
{
    /// <summary>A moment from which something holds: rounded up, so that it never holds too early.</summary>
    public static long From(DateTimeOffset moment)
    {
        var milliseconds = moment.ToUnixTimeMilliseconds();
        return milliseconds < Last && moment.UtcTicks % TimeSpan.TicksPerMillisecond != 0 ? milliseconds + 1 : milliseconds;
    }

    /// <summary>The present as it is compared with kept moments: rounded down.</summary>
    public static long Now(DateTimeOffset now) => now.ToUnixTimeMilliseconds();

    public static DateTimeOffset Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
