using System.Globalization;
using System.Text;
using SocialCommerce.Journal;

// Appends to a SQLite journal until it is killed, and tells each unit that was acknowledged on a line of its own: "owner version".
// Owner and version are the unit's name: its event in the owner's stream, its own stream, its receipt and its due time all carry it.
var owners = int.Parse(args[1], CultureInfo.InvariantCulture);
await using var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = args[0], CheckpointPages = 200, IndexEvery = 300 });
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
await Task.WhenAll(Enumerable.Range(0, owners).Select(owner => Task.Run(() => Run(owner))));

async Task Run(int owner)
{
    for (var version = (await journal.Read($"o/{owner}")).Count; ; version++)
    {
        var name = $"{owner} {version + 1}";
        var payload = Encoding.UTF8.GetBytes($"\"{name}\"");
        await journal.Append(new JournalUnit(
            [
                new StreamAppend($"o/{owner}", version, [new NewEvent(1, payload)]),
                new StreamAppend($"o/{owner}/{version + 1}", 0, [new NewEvent(1, payload), new NewEvent(2, payload)], DeadlineChange.At(DateTimeOffset.UnixEpoch)),
            ],
            [new ReceiptWrite(name, "", payload, DateTimeOffset.UnixEpoch)]));
        lock (output) output.WriteLine(name);
    }
}
