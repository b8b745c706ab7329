using SocialCommerce.EmbeddedSilo;

namespace SocialCommerce.Simulation.Tests;

/// <summary>One seed's world: silos over one store, clients, time and trouble, all on the one thread that runs it.</summary>
internal sealed class World
{
    private static readonly TimeSpan VirtualTimeMost = TimeSpan.FromDays(400);
    private static readonly TimeSpan RestartMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutageMost = TimeSpan.FromSeconds(20);

    private readonly Dice _troubles;
    private int _turnsToTrouble;
    private bool _isHealed;
    private (TimeSpan By, TaskCompletionSource Done)? _leap;

    public World(int seed, Defect? defect = null, bool keepTrace = false)
    {
        Dice = new Dice((ulong)seed * 0x9E3779B97F4A7C15);
        Setting = Setting.Draw(Dice.Split());
        Defect = defect ?? Defect.None;
        Timeline = new Timeline(Setting.Start);
        Turns = new SeededTurns(seed);
        Trace = new Trace(Timeline, keepTrace);
        Auditor = new Auditor(this);
        Store = new Store(this, Setting.DeadlineShards) { Weather = Setting.Weather };
        Silos = [.. Enumerable.Range(0, Setting.Silos).Select(number => new Silo(this, number))];
        _troubles = Dice.Split();
        _turnsToTrouble = NextTrouble();
    }

    public Dice Dice { get; }
    public Setting Setting { get; }
    public Defect Defect { get; }
    public Timeline Timeline { get; }
    public SeededTurns Turns { get; }
    public Trace Trace { get; }
    public Auditor Auditor { get; }
    public Store Store { get; }
    public IReadOnlyList<Silo> Silos { get; }
    public FaultCounts Faults { get; } = new();

    /// <summary>Share links that were given out.</summary>
    public List<(string TargetId, string CampaignId, string Token)> Links { get; } = [];

    /// <summary>Commands that were answered.</summary>
    public long Commands { get; set; }

    /// <summary>
    /// Whether a silo may refuse by what is long no longer so: what another wrote while it could not read, or what was written after it was
    /// given up.
    /// </summary>
    public bool MayBeStale => Setting.Weather.LostWrittenLater > 0 || (Silos.Count > 1 && HasTroubles);

    public bool HasTroubles => Setting.Weather.MayFail || Setting.TroubleEvery > 0;

    /// <summary>Plays the seed to its end, or to the first broken promise.</summary>
    public void Run()
    {
        var first = Timeline.Now;
        foreach (var silo in Silos) silo.Start();
        var play = Turns.Start(Play);
        while (Auditor.BrokenPromise is null && !play.IsCompleted)
        {
            if (Turns.RunOne())
            {
                if (_turnsToTrouble > 0 && --_turnsToTrouble == 0) Trouble();
            }
            else if (_leap is { } leap)
            {
                _leap = null;
                Timeline.Leap(leap.By);
                leap.Done.SetResult();
            }
            else if (!Timeline.RingNext())
            {
                Auditor.Broken("nothing is left that could go on, and clients wait for answers");
            }
            else if (Timeline.Now - first > VirtualTimeMost)
            {
                Auditor.Broken($"clients wait for answers after {VirtualTimeMost.TotalDays} days");
            }
        }

        if (play.IsFaulted) Auditor.Broken($"a client failed: {play.Exception!.InnerException}");
    }

    /// <summary>Time goes on at a leap as soon as nothing is left to be done at this instant.</summary>
    public Task LeapBy(TimeSpan span)
    {
        var done = new TaskCompletionSource();
        _leap = (span, done);
        return done.Task;
    }

    /// <summary>Ends the troubles: whoever is down comes up, and the store is sound.</summary>
    public void Heal()
    {
        _isHealed = true;
        Store.Heal();
        foreach (var silo in Silos)
        {
            if (silo.Life is null) silo.Start();
        }
    }

    private async Task Play()
    {
        await Task.WhenAll(Enumerable.Range(0, Setting.Clients).Select(number => new Client(this, number, Dice.Split()).Run()));
        await new Closing(this, Dice.Split()).Run();
    }

    private void Trouble()
    {
        _turnsToTrouble = NextTrouble();
        if (_isHealed) return;
        var kind = _troubles.Next() % 1000 / 1000.0 * (Setting.Kills + Setting.Outages + Setting.Leaps);
        if (kind < Setting.Kills) Kill();
        else if (kind < Setting.Kills + Setting.Outages) Store.GoAway(_troubles.Happens(0.5) ? _troubles.Below(Silos.Count) : null, _troubles.Wait(OutageMost));
        else Leap();
    }

    private void Kill()
    {
        var silo = Silos[_troubles.Below(Silos.Count)];
        if (silo.Life is null) return;
        silo.Kill();
        Timeline.After(_troubles.Wait(RestartMost), () =>
        {
            if (silo.Life is null) silo.Start();
        });
    }

    // To where it matters: shortly before or after something is due, or the day ends; or just on.
    private void Leap()
    {
        var edge = _troubles.Below(4) switch
        {
            0 or 1 => Store.NextDue(),
            2 => Timeline.Now.AddHours(8).Date.AddDays(1).AddHours(-8) is var midnight ? new DateTimeOffset(midnight, TimeSpan.Zero) : null,
            _ => null,
        };
        var by = edge is { } at
            ? at - Timeline.Now + TimeSpan.FromMilliseconds(_troubles.Between(-5, 5)) + (_troubles.Happens(0.3) ? Setting.SkewMost * (_troubles.Happens(0.5) ? 1 : -1) : TimeSpan.Zero)
            : _troubles.Wait(TimeSpan.FromHours(_troubles.Of(1, 1, 4, 30)));
        if (by <= TimeSpan.Zero) return;
        Faults.Count(Fault.TimeLeapt);
        Trace.Note($"time leaps by {by}");
        Timeline.Leap(by);
    }

    private int NextTrouble() => Setting.TroubleEvery == 0 ? 0 : 1 + _troubles.Below(2 * Setting.TroubleEvery);
}
