namespace SocialCommerce.Simulation.Tests;

/// <summary>A store that acknowledges a unit now and then and keeps nothing of it.</summary>
internal sealed class LosesUnits : Defect
{
    private int _units;

    public override Exception? Write(JournalUnit unit, StoreLink link) => ++_units % 100 == 0 ? null : link.Truly(unit);
}

/// <summary>A store that keeps a unit twice now and then, as one without a check of versions does when a connection repeats what it sent.</summary>
internal sealed class WritesTwice : Defect
{
    private int _units;

    public override Exception? Write(JournalUnit unit, StoreLink link)
    {
        var fault = link.Truly(unit);
        return fault is null && ++_units % 100 == 0 ? link.TrulyWhateverWasThere(unit) : fault;
    }
}

/// <summary>A store that takes whatever comes: who decided on an old version is no longer refused.</summary>
internal sealed class IgnoresVersions : Defect
{
    public override Exception? Write(JournalUnit unit, StoreLink link) => link.TrulyWhateverWasThere(unit);
}

/// <summary>What was under way when its silo was killed is committed, and then once more.</summary>
internal sealed class CommitsOfTheDeadTwice : Defect
{
    public override Exception? WriteOfTheDead(JournalUnit unit, StoreLink link) => link.Truly(unit) ?? link.TrulyWhateverWasThere(unit);
}

/// <summary>Clocks that show yesterday for the first minutes of a day.</summary>
internal sealed class ClockRunsBack : Defect
{
    public override DateTimeOffset Clock(DateTimeOffset now) => now.AddHours(8).TimeOfDay < TimeSpan.FromMinutes(10) ? now.AddMinutes(-10) : now;
}

/// <summary>Answers in which now and then a figure is off by one.</summary>
internal sealed class ChangesAnswers : Defect
{
    private int _answers;

    public override T Answer<T>(T answer) =>
        answer is CutReply { Cut: { } cut } reply && ++_answers % 20 == 0 ? (T)(object)(reply with { Cut = cut with { CutFen = cut.CutFen + 1 } }) : answer;
}
