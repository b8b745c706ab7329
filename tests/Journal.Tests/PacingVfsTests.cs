using System.Globalization;

namespace SocialCommerce.Journal.Tests;

/// <summary>A log that is moved a few pages at a time is all in the file in the end.</summary>
public sealed class PacingVfsTests : IDisposable
{
    private const int Rows = 4_000;

    private readonly TempFolder _folder = new();

    [Fact]
    public void All_of_a_long_log_is_in_the_file_once_it_was_moved()
    {
        using var writer = new SqliteConnection(_folder.File("one.db"), create: true, TimeSpan.FromSeconds(1));
        writer.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE pages (number INTEGER PRIMARY KEY, filling TEXT NOT NULL)");
        writer.Execute(string.Create(CultureInfo.InvariantCulture,
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) INSERT INTO pages SELECT i, i || hex(zeroblob(1900)) FROM n"));

        using (var moving = new SqliteConnection(_folder.File("one.db"), create: false, TimeSpan.FromSeconds(1), PacingVfs.Name))
        {
            // Looks at the file: only then does it know that there is a log.
            moving.Execute("PRAGMA synchronous = FULL");
            var log = moving.Checkpoint(truncate: false);
            Assert.Equal(log!.Value.Written, log.Value.Moved);
            Assert.InRange(log.Value.Moved, 10 * PacingVfs.StretchLeast, int.MaxValue);
        }

        // Without the log: only what was moved is there.
        File.Copy(_folder.File("one.db"), _folder.File("two.db"));
        using var copy = new SqliteConnection(_folder.File("two.db"), create: false, TimeSpan.FromSeconds(1));
        Assert.Equal(1, copy.Number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"));
        Assert.Equal(Rows, copy.Number("SELECT count(*) FROM pages WHERE filling = number || hex(zeroblob(1900))"));
    }

    public void Dispose() => _folder.Dispose();
}
