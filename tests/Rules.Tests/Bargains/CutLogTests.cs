using System.Runtime.CompilerServices;
using static SocialCommerce.Rules.Tests.Given;

namespace SocialCommerce.Rules.Tests.Bargains;

public sealed class CutLogTests
{
    // Above and below the length from which a log keeps an index.
    [Theory, InlineData(0), InlineData(1), InlineData(22), InlineData(23), InlineData(24), InlineData(25), InlineData(200)]
    public void A_log_has_its_cuts_oldest_first_and_finds_each_by_its_helper(int count)
    {
        var log = LogOf(count);
        Assert.Equal(count, log.Count);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i + 1, log[i].CutNumber);
            Assert.True(log.TryFind($"h{i + 1}", out var found));
            Assert.Equal(log[i], found);
        }

        Assert.False(log.TryFind("nobody", out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => log[count]);
    }

    /// <summary>A short one does, also once longer logs have grown from it; the owner's own cut is no help.</summary>
    [Theory, InlineData(0), InlineData(1), InlineData(23), InlineData(256), InlineData(257)]
    public void A_short_log_finds_its_cuts_on_any_thread(int count)
    {
        var log = LogOf(count);
        var longer = log;
        for (var number = count + 1; number <= count + 60; number++) longer = longer.Append(Entry(number));
        Assert.True(longer.TryFind($"h{count + 60}", out _));

        Assert.Equal(count <= 256, log.IsShort);
        for (var number = 1; number <= count; number++)
        {
            Assert.Equal(log.IsShort, log.TryFindBeside($"h{number}", out var found));
            Assert.Equal(log.IsShort ? log[number - 1] : default, found);
        }

        Assert.False(log.TryFindBeside($"h{count + 1}", out _));
        Assert.False(log.TryFindBeside("nobody", out _));
        Assert.False(CutLog.Empty.Append(Entry(0)).TryFindBeside("h0", out _));
    }

    [Fact]
    public async Task A_short_log_is_looked_through_while_longer_ones_grow_from_it()
    {
        var newest = new StrongBox<CutLog>(CutLog.Empty);
        var looking = Task.Run(() =>
        {
            for (var found = 0; found < 1_000_000;)
            {
                var log = Volatile.Read(ref newest).Value;
                for (var number = 1; number <= log.Count && log.IsShort; number++, found++)
                {
                    Assert.True(log.TryFindBeside($"h{number}", out var entry));
                    Assert.Equal(Entry(number), entry);
                }
            }
        });
        while (!looking.IsCompleted)
        {
            var log = CutLog.Empty;
            for (var number = 1; number <= 300; number++) Volatile.Write(ref newest, new StrongBox<CutLog>(log = log.Append(Entry(number))));
        }

        await looking;
    }

    [Theory, InlineData(3), InlineData(23), InlineData(60)]
    public void An_older_log_does_not_see_what_was_appended_to_it_later(int count)
    {
        var older = LogOf(count);
        var newer = older.Append(Entry(count + 1));
        Assert.Equal((count, count + 1), (older.Count, newer.Count));
        Assert.False(older.TryFind($"h{count + 1}", out _));
        Assert.True(newer.TryFind($"h{count + 1}", out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => older[count]);
    }

    [Theory, InlineData(3), InlineData(23), InlineData(60)]
    public void Two_logs_grown_from_one_do_not_see_each_other(int count)
    {
        var stem = LogOf(count);
        var left = stem.Append(Entry(100) with { HelperId = "left" }).Append(Entry(101) with { HelperId = "both", CutFen = 1 });
        var right = stem.Append(Entry(100) with { HelperId = "right" }).Append(Entry(101) with { HelperId = "both", CutFen = 2 });
        Assert.True(left.TryFind("left", out _));
        Assert.False(left.TryFind("right", out _));
        Assert.False(right.TryFind("left", out _));
        Assert.True(left.TryFind("both", out var inLeft));
        Assert.True(right.TryFind("both", out var inRight));
        Assert.Equal((1L, 2L), (inLeft.CutFen, inRight.CutFen));
        Assert.Equal("left", left[count].HelperId);
        Assert.Equal("right", right[count].HelperId);
        Assert.False(stem.TryFind("both", out _));
    }

    [Theory, InlineData(0), InlineData(40)]
    public void The_owners_own_cut_is_no_help(int helps)
    {
        var log = CutLog.Empty.Append(Entry(0) with { HelperId = Owner });
        for (var i = 1; i <= helps; i++) log = log.Append(Entry(i));
        Assert.False(log.TryFind(Owner, out _));
        Assert.Equal(helps + 1, log.Count);
    }

    [Fact]
    public void Trying_a_cut_and_then_taking_it_gives_equal_logs_that_grow_apart()
    {
        var log = LogOf(30);
        var tried = log.Append(Entry(31));
        var taken = log.Append(Entry(31));
        var grown = taken.Append(Entry(32));
        var other = tried.Append(Entry(33));

        Assert.Equal(tried[30], taken[30]);
        Assert.Equal((31, 31, 32, 32), (tried.Count, taken.Count, grown.Count, other.Count));
        Assert.Equal((32, 33), (grown[31].CutNumber, other[31].CutNumber));
        Assert.False(grown.TryFind("h33", out _));
        Assert.False(other.TryFind("h32", out _));
        Assert.True(other.TryFind("h31", out _) && other.TryFind("h33", out _));
    }

    [Theory, InlineData(5), InlineData(500)]
    public void Helpers_are_told_apart_by_all_of_their_name(int each)
    {
        // Names that begin alike, are each other's beginning or end, are not ASCII, or longer than what fits on the stack.
        string[] kinds = ["h", "hh", "阿明", "é", new('长', 200), ""];
        var names = kinds.SelectMany(kind => Enumerable.Range(0, each).Select(i => $"{kind}{i}{kind}")).ToArray();
        var log = names.Aggregate(CutLog.Empty, (log, name) => log.Append(Entry(log.Count + 1) with { HelperId = name }));

        for (var i = 0; i < names.Length; i++)
        {
            Assert.Equal(names[i], log[i].HelperId);
            // A name that came twice is found where it came first.
            Assert.True(log.TryFind(names[i], out var found));
            Assert.Equal(Array.IndexOf(names, names[i]) + 1, found.CutNumber);
        }

        Assert.DoesNotContain(names.Select(name => name + "x").Append("h0").Append("0"), name => !names.Contains(name) && log.TryFind(name, out _));
    }

    public static TheoryData<CutEntry> Extremes =>
    [
        new("阿明", long.MaxValue, long.MaxValue - 1, Noon.UtcDateTime.AddMilliseconds(1), Noon.UtcDateTime, short.MaxValue, ushort.MaxValue, 300, true, int.MaxValue),
        new("h", 0, 0, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), 0, 0, 0, false, 0),
        new("h", long.MinValue, -1, DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), short.MinValue, 1, ushort.MaxValue, true, 1),
        new("h", 127, 128, Noon.UtcDateTime.AddTicks(1), Noon.UtcDateTime.AddTicks(-1), 63, 64, 127, false, 64),
        new("h", 16_383, 16_384, Noon.UtcDateTime, Noon.UtcDateTime.AddTicks(3), -64, 128, 16_384, true, 8_192),
    ];

    [Theory, MemberData(nameof(Extremes))]
    public void A_log_gives_back_what_was_put_in(CutEntry entry)
    {
        // Behind others, and found by the tables of a long log as well.
        foreach (var log in new[] { CutLog.Empty, LogOf(3), LogOf(30) })
        {
            var name = entry.HelperId + "!";
            var last = log.Append(entry with { HelperId = name }).Append(Entry(99))[log.Count];
            Assert.Equal(entry with { HelperId = name }, last);
            Assert.Equal((DateTimeKind.Utc, DateTimeKind.Utc), (last.AtUtc.Kind, last.HelpsResetAtUtc.Kind));
        }
    }

    [Fact]
    public void The_empty_log_stays_empty()
    {
        var empty = CutLog.Empty;
        _ = empty.Append(Entry(1));
        Assert.Equal(0, empty.Count);
        Assert.Equal(0, CutLog.Empty.Count);
        Assert.False(empty.TryFind("h1", out _));
    }

    private static CutLog LogOf(int count) => Enumerable.Range(1, count).Aggregate(CutLog.Empty, (log, number) => log.Append(Entry(number)));

    private static CutEntry Entry(int number) => new($"h{number}", 10, 100, Noon.UtcDateTime, Noon.UtcDateTime, 1, 1, 3, false, number);
}
