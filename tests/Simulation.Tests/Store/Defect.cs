namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// Something broken on purpose, to prove that the auditor notices. The usual one breaks nothing.
/// </summary>
internal abstract class Defect
{
    public static readonly Defect None = new Sound();

    /// <summary>Writes a unit to the true journal; gives what it was refused for.</summary>
    public virtual Exception? Write(JournalUnit unit, StoreLink link) => link.Truly(unit);

    /// <summary>The same for what was under way when its silo was killed.</summary>
    public virtual Exception? WriteOfTheDead(JournalUnit unit, StoreLink link) => Write(unit, link);

    /// <summary>What a silo's clock shows.</summary>
    public virtual DateTimeOffset Clock(DateTimeOffset now) => now;

    /// <summary>An answer on its way to the client.</summary>
    public virtual T Answer<T>(T answer) => answer;

    private sealed class Sound : Defect;
}
