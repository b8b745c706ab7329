using System.Security.Cryptography;

namespace SocialCommerce.Grains;

/// <summary>Settings of the engine; section <c>Engine</c>. Validated at start, every fault named.</summary>
public sealed class EngineOptions
{
    public const string Section = "Engine";

    /// <summary>The IANA time zone whose calendar days the daily help limit counts by.</summary>
    public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>Helps per shopper and calendar day; 1 to 255.</summary>
    public int HelpsPerDay { get; set; } = 3;

    /// <summary>Signs share links; base64 of at least 32 bytes, the same on every silo. Links signed with another key give no attribution.</summary>
    public string ShareKey { get; set; } = "";

    /// <summary>The shortest duration that a campaign may set, in seconds; 1 in the Development environment.</summary>
    public int DurationSecondsMin { get; set; } = 60;

    /// <summary>How often the deadline grains look for what is due, in milliseconds; 10 to 60,000.</summary>
    public int SweepMilliseconds { get; set; } = 100;

    /// <summary>
    /// For how long a silo may use a campaign's definition without looking again, in milliseconds; 0 in a single process, where every
    /// change is seen at once. A pause is answered only after so long, so that it holds everywhere when it is answered.
    /// </summary>
    public int CampaignCacheMilliseconds { get; set; }

    /// <summary>
    /// For how long a grain may show and refuse by what it knows without a look whether another silo has written to its stream, in
    /// milliseconds; 0 in a single process: it never looks. What is accepted never rests on it.
    /// </summary>
    public int ConfirmMilliseconds { get; set; }

    /// <summary>For how long an idempotency key is kept at least, in hours; 24 to 8,760.</summary>
    public int ReceiptHours { get; set; } = 48;

    /// <summary>Every fault of these settings, in words.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)) faults.Add($"Engine:TimeZone '{TimeZone}' is no time zone of this machine.");
        Range(nameof(HelpsPerDay), HelpsPerDay, 1, 255);
        Range(nameof(DurationSecondsMin), DurationSecondsMin, 1, 86_400);
        Range(nameof(SweepMilliseconds), SweepMilliseconds, 10, 60_000);
        Range(nameof(CampaignCacheMilliseconds), CampaignCacheMilliseconds, 0, 60_000);
        Range(nameof(ConfirmMilliseconds), ConfirmMilliseconds, 0, 60_000);
        Range(nameof(ReceiptHours), ReceiptHours, 24, 8_760);
        var key = new byte[ShareKey.Length];
        if (!Convert.TryFromBase64String(ShareKey, key, out var length) || length < HMACSHA256.HashSizeInBytes)
            faults.Add("Engine:ShareKey must be base64 of at least 32 random bytes (openssl rand -base64 32).");
        return faults;

        void Range(string name, int value, int min, int max)
        {
            if (value < min || value > max) faults.Add($"Engine:{name} is {value}; it must be from {min} to {max}.");
        }
    }
}
