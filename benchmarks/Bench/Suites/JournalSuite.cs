using System.Globalization;
using SocialCommerce.Journal;

namespace SocialCommerce.Bench;

/// <summary>The journal alone, in this process: group commit against one commit per cut, on disk against in memory.</summary>
internal sealed class JournalSuite : ISuite
{
    public string Name => "journal";

    public async Task Run(Bench bench)
    {
        var window = bench.Options.ShortWindow;
        var groupPath = Path.Combine(bench.Workshop.NewFolder("group"), "journal.db");
        var singlePath = Path.Combine(bench.Workshop.NewFolder("single"), "journal.db");
        List<double> grouped = [], single = [], memory = [], unitsPerCommit = [];

        var units = new CutUnits();
        await using (var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = groupPath }))
        using (var perCut = new CommitPerCut(singlePath))
        {
            await units.Run(journal, window);
            perCut.Run(window);
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                var before = journal.Status;
                grouped.Add(await units.Run(journal, window));
                var after = journal.Status;
                unitsPerCommit.Add((after.UnitsCommitted - before.UnitsCommitted) / (double)(after.Commits - before.Commits));
                single.Add(perCut.Run(window));
                // A fresh one each time: what it keeps is garbage collection's burden.
                await using var nothing = new MemoryJournal();
                memory.Add(await new CutUnits().Run(nothing, window));
            }

            if (journal.Status.UnitsCommitted != units.Appended) throw new BenchFaultException($"{units.Appended} units were acknowledged, {journal.Status.UnitsCommitted} committed");
        }

        await using (var reopened = SqliteJournal.Open(new SqliteJournalOptions { Path = groupPath }))
        {
            await units.Check(reopened);
        }

        bench.Audited(Name, string.Create(CultureInfo.InvariantCulture, $"{units.Appended:#,##0} units acknowledged and found after reopening the file"));
        bench.Add(
            Row.Of("journal.group", $"SQLite journal, synchronous=FULL, {CutUnits.Appenders} callers", "units/s", grouped),
            Row.Of("journal.single", "SQLite, one commit per cut", "cuts/s", single),
            Row.Ratio("journal.group/single", "group commit ÷ one commit per cut", grouped, single, floor: 5, goal: 10),
            Row.Of("journal.batch", "units in one commit", "units", unitsPerCommit),
            Row.Of("journal.memory", "journal that writes nothing", "units/s", memory),
            Row.Ratio("journal.group/memory", "journal alone, on disk ÷ in memory", grouped, memory));
    }
}
