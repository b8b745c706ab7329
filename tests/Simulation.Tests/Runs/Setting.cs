namespace SocialCommerce.Simulation.Tests;

/// <summary>What a seed is about: how many silos, how they are set up, how busy and how unlucky they are. All small, so that edges are met all the time.</summary>
internal sealed record Setting
{
    private static readonly DateTimeOffset FirstDay = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public required int Silos { get; init; }

    /// <summary>How often a client asks the silo that the others ask, too; the rest goes to any.</summary>
    public required double Affinity { get; init; }

    /// <summary>Clocks differ from the true time by up to so much, either way.</summary>
    public required TimeSpan SkewMost { get; init; }

    public required Weather Weather { get; init; }
    public required int DeadlineShards { get; init; }
    public required int SweepMilliseconds { get; init; }
    public required int CampaignCacheMilliseconds { get; init; }
    public required int ConfirmMilliseconds { get; init; }
    public required TimeSpan IdleAge { get; init; }
    public required DateTimeOffset Start { get; init; }

    public required int Clients { get; init; }
    public required int ActsEach { get; init; }
    public required int Shoppers { get; init; }
    public required int Campaigns { get; init; }

    /// <summary>Clients rest up to so long between two acts.</summary>
    public required TimeSpan RestMost { get; init; }

    /// <summary>Mean number of turns from one trouble to the next; 0 for none.</summary>
    public required int TroubleEvery { get; init; }

    public required double Kills { get; init; }
    public required double Outages { get; init; }
    public required double Leaps { get; init; }

    public static Setting Draw(Dice dice)
    {
        var silos = dice.Of(1, 1, 2, 2, 2, 3);
        var rest = TimeSpan.FromMilliseconds(dice.Of(1, 20, 500, 5_000, 60_000));
        var clients = dice.Of(2, 4, 8, 16, 24);
        var commands = (int)dice.Between(800, 1_600);
        // Anywhere in a day, minutes before midnight in Shanghai, or so shortly before it that clocks disagree about the day.
        var start = FirstDay + dice.Below(4) switch
        {
            0 => TimeSpan.FromHours(16) - TimeSpan.FromMilliseconds(dice.Below(4_000)),
            1 => TimeSpan.FromHours(16) - TimeSpan.FromMinutes(dice.Below(10)),
            _ => TimeSpan.FromMinutes(dice.Below(24 * 60)),
        };
        return new Setting
        {
            Silos = silos,
            Affinity = dice.Of(0, 0.5, 0.95, 0.95, 1),
            SkewMost = TimeSpan.FromMilliseconds(dice.Of(0, 50, 1_000, 3_000)),
            Weather = Weather.Draw(dice),
            DeadlineShards = dice.Of(1, 2, 3),
            SweepMilliseconds = Math.Max(dice.Of(100, 1_000, 1_000, 10_000), (int)(rest.TotalMilliseconds / 4)),
            CampaignCacheMilliseconds = silos == 1 ? dice.Of(0, 0, 200) : dice.Of(1, 200, 500),
            ConfirmMilliseconds = silos == 1 ? dice.Of(0, 0, 1_000) : dice.Of(1, 100, 1_000),
            IdleAge = TimeSpan.FromSeconds(dice.Of(15, 90, 900)),
            Start = start,
            Clients = clients,
            ActsEach = commands / clients,
            Shoppers = dice.Of(5, 8, 16, 40),
            Campaigns = dice.Of(2, 3, 4),
            RestMost = rest,
            TroubleEvery = dice.Of(0, 200, 500, 1_000, 4_000),
            Kills = dice.Of(0, 0.2, 0.5, 1),
            Outages = dice.Of(0, 0.2, 0.5),
            Leaps = dice.Of(0.2, 0.5, 1),
        };
    }
}
