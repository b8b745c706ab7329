namespace SocialCommerce.Journal.Tests;

public sealed class AbsentNamesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HurriedTime _time = new();

    [Fact]
    public async Task Before_the_names_are_read_nothing_is_known()
    {
        var page = new TaskCompletionSource<IReadOnlyList<string>>();
        await using var absent = new AbsentNames((_, _) => page.Task, _time);
        Assert.False(absent.Knows("s"));
        absent.Begin();
        Assert.False(absent.Knows("s"));

        page.SetResult(["t"]);
        await absent.Reading.WaitAsync(Patience);

        Assert.True(absent.Knows("s"));
        Assert.False(absent.Knows("t"));
    }

    [Fact]
    public async Task All_pages_are_read_and_what_lies_behind_the_last_name_read_is_not_known()
    {
        string[] stored = [.. Enumerable.Range(0, 23_456).Select(n => $"s/{n:00000}")];
        var asked = new List<string>();
        var third = new TaskCompletionSource();
        await using var absent = new AbsentNames(async (after, limit) =>
        {
            lock (asked) asked.Add(after);
            if (asked.Count == 3) await third.Task;
            await Task.Delay(TimeSpan.FromSeconds(1), _time);
            return [.. stored.Where(name => string.CompareOrdinal(name, after) > 0).Take(limit)];
        }, _time);
        absent.Begin();
        while (!absent.Knows("s/0")) await Task.Yield();
        await Waiting.Until(() => Task.FromResult(asked.Count == 3), "the third page is asked for");

        Assert.Equal(["", stored[4_999], stored[9_999]], asked);
        Assert.True(absent.Knows("r"));
        Assert.True(absent.Knows("s/00000x"));
        Assert.False(absent.Knows(stored[9_999] + "x"));
        Assert.False(absent.Knows("z"));

        third.SetResult();
        await absent.Reading.WaitAsync(Patience);

        Assert.Equal(5, asked.Count);
        Assert.True(absent.Knows("z"));
        Assert.True(absent.Knows(stored[9_999] + "x"));
        Assert.All(stored, name => Assert.False(absent.Knows(name)));
        // A second before the first, five pages of a second each, and nine seconds of rest between two.
        Assert.Equal(TimeSpan.FromSeconds(1 + 5 + 4 * 9), _time.Waited);
    }

    [Fact]
    public async Task What_is_handed_over_while_the_names_are_read_and_afterwards_is_there()
    {
        var page = new TaskCompletionSource<IReadOnlyList<string>>();
        await using var absent = new AbsentNames((_, _) => page.Task, _time);
        absent.Begin();
        absent.Appears("meanwhile");
        page.SetResult([]);
        await absent.Reading.WaitAsync(Patience);
        absent.Appears("afterwards");

        Assert.False(absent.Knows("meanwhile"));
        Assert.False(absent.Knows("afterwards"));
        Assert.True(absent.Knows("never"));
    }

    [Fact]
    public async Task While_others_may_write_nothing_is_known_and_then_their_streams_are_there()
    {
        string[] stored = ["a"];
        await using var absent = new AbsentNames((_, _) => Task.FromResult<IReadOnlyList<string>>(stored), _time);
        absent.Begin();
        await absent.Reading.WaitAsync(Patience);
        Assert.True(absent.Knows("theirs"));

        absent.Pause();
        Assert.False(absent.Knows("theirs"));
        Assert.False(absent.Knows("b"));
        stored = ["a", "theirs"];
        absent.Begin();
        await absent.Reading.WaitAsync(Patience);

        Assert.False(absent.Knows("theirs"));
        Assert.True(absent.Knows("b"));
    }

    [Fact]
    public async Task A_page_from_before_others_wrote_counts_for_nothing()
    {
        var old = new TaskCompletionSource<IReadOnlyList<string>>();
        var pages = new Queue<Task<IReadOnlyList<string>>>([old.Task, Task.FromResult<IReadOnlyList<string>>(["theirs"])]);
        await using var absent = new AbsentNames((_, _) => pages.Dequeue(), _time);
        absent.Begin();
        await Waiting.Until(() => Task.FromResult(pages.Count == 1), "the first page is asked for");

        absent.Pause();
        old.SetResult([]);
        await absent.Reading.WaitAsync(Patience);
        Assert.False(absent.Knows("theirs"));
        absent.Begin();
        await absent.Reading.WaitAsync(Patience);

        Assert.False(absent.Knows("theirs"));
        Assert.True(absent.Knows("b"));
    }

    [Fact]
    public async Task Of_names_beyond_ASCII_nothing_is_known()
    {
        await using var absent = new AbsentNames((_, _) => Task.FromResult<IReadOnlyList<string>>(["k ü"]), _time);
        absent.Begin();
        await absent.Reading.WaitAsync(Patience);

        Assert.False(absent.Knows("k ü"));
        Assert.False(absent.Knows("k ö"));
        Assert.True(absent.Knows("k u"));
    }

    [Fact]
    public async Task A_store_that_is_away_is_asked_again()
    {
        var tries = 0;
        await using var absent = new AbsentNames(
            (_, _) => ++tries < 4 ? Task.FromException<IReadOnlyList<string>>(new JournalUnavailableException("away")) : Task.FromResult<IReadOnlyList<string>>(["t"]), _time);
        absent.Begin();
        await absent.Reading.WaitAsync(Patience);

        Assert.Equal(4, tries);
        Assert.Equal(TimeSpan.FromSeconds(1 + 3), _time.Waited);
        Assert.False(absent.Knows("t"));
        Assert.True(absent.Knows("s"));
    }

    [Fact]
    public async Task Closing_waits_for_nothing_but_the_page_under_way()
    {
        var absent = new AbsentNames((_, _) => Task.FromException<IReadOnlyList<string>>(new JournalUnavailableException("away")), TimeProvider.System);
        absent.Begin();

        await absent.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(absent.Reading.IsCompletedSuccessfully);
        Assert.False(absent.Knows("s"));
    }
}
