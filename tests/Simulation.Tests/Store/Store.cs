namespace SocialCommerce.Simulation.Tests;

/// <summary>The one journal that all silos write to, with what the auditor reads after each unit, and who can't reach it now.</summary>
internal sealed class Store(World world, int shards)
{
    private readonly MemoryJournal _journal = new(deadlineShards: shards);
    private readonly HashSet<int> _cutOff = [];
    private bool _isAway;

    public Weather Weather { get; set; } = Weather.Fine;

    /// <summary>As it is, without any fault between.</summary>
    public IJournal Truth => _journal;

    public MemoryJournal Open() => _journal.Beside();

    public bool IsAwayFor(int silo) => _isAway || _cutOff.Contains(silo);

    /// <summary>Away for a while: for one silo, or for all.</summary>
    public void GoAway(int? silo, TimeSpan span)
    {
        world.Faults.Count(Fault.StoreAway);
        world.Trace.Note($"store away for silo {silo ?? -1}, {span}");
        if (silo is { } cutOff)
        {
            _cutOff.Add(cutOff);
            world.Timeline.After(span, () => _cutOff.Remove(cutOff));
        }
        else
        {
            _isAway = true;
            world.Timeline.After(span, () => _isAway = false);
        }
    }

    public void Heal()
    {
        Weather = Weather with { Refused = 0, LostWritten = 0, LostNotWritten = 0, LostWrittenLater = 0, Unreadable = 0 };
        _cutOff.Clear();
        _isAway = false;
    }

    public bool AnythingDue(DateTimeOffset now) => NextDue() is { } due && due <= now;

    /// <summary>When the first stream has something to do by itself; null when none has.</summary>
    public DateTimeOffset? NextDue()
    {
        DateTimeOffset? next = null;
        for (var shard = 0; shard < _journal.DeadlineShards; shard++)
        {
            var due = _journal.Due(shard, DateTimeOffset.MaxValue, 1).Result;
            if (due.Count > 0 && (next is null || due[0].DueAt < next)) next = due[0].DueAt;
        }

        return next;
    }
}
