using System.Diagnostics;
using System.Globalization;

namespace SocialCommerce.Journal.Tests;

public sealed class SqliteCrashTests : IDisposable
{
    private const int Owners = 12;

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_whole_and_once()
    {
        var file = _folder.File("journal.db");
        var acknowledged = new HashSet<string>();
        var chance = new Random(99);
        for (var round = 0; round < 6; round++)
        {
            await AppendUntilKilled(file, chance.Next(1, 1_500), acknowledged);
            await CheckWritten(file, acknowledged);
        }
    }

    public void Dispose() => _folder.Dispose();

    // Kills at the acknowledgement after so many, which with commits shared by many units is at any moment of a commit.
    private static async Task AppendUntilKilled(string file, int acknowledgements, HashSet<string> acknowledged)
    {
        using var child = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "SocialCommerce.Journal.Crasher.dll"), file, Owners.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true })!;
        var lines = 0;
        while (await child.StandardOutput.ReadLineAsync() is { } name)
        {
            // Whatever it managed to say before it died was acknowledged.
            Assert.True(acknowledged.Add(name), $"'{name}' was acknowledged twice.");
            if (++lines == acknowledgements) child.Kill();
        }

        await child.WaitForExitAsync();
        Assert.True(lines >= acknowledgements, $"The child ended by itself after {lines} units, with {child.ExitCode}.");
    }

    private static async Task CheckWritten(string file, HashSet<string> acknowledged)
    {
        await using var journal = SqliteJournal.Open(new SqliteJournalOptions { Path = file });
        var written = new HashSet<string>();
        for (var owner = 0; owner < Owners; owner++)
        {
            foreach (var e in await journal.Read($"o/{owner}"))
            {
                var name = $"{owner} {e.Version}";
                Assert.Equal($"\"{name}\"", e.Payload.Text());
                Assert.True(written.Add(name));
                Assert.Equal(2, await journal.Version($"o/{owner}/{e.Version}"));
                Assert.NotNull(await journal.FindReceipt(name));
            }
        }

        Assert.Empty(acknowledged.Except(written));
        Assert.Equal(written.Count * 3, (await journal.Feed(FeedPosition.Start, int.MaxValue)).Events.Count);
        var due = 0;
        for (var shard = 0; shard < journal.DeadlineShards; shard++) due += (await journal.Due(shard, DateTimeOffset.UnixEpoch, int.MaxValue)).Count;
        Assert.Equal(written.Count, due);
    }
}
