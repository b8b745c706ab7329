using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

public abstract partial class JournalContract
{
    [ContractFact]
    public async Task Thousands_of_units_at_once_leave_exactly_what_was_acknowledged()
    {
        // Writers share streams without knowing of each other, so many lose; each acts on what it last read or wrote.
        const int Writers = 64;
        const int Each = 100;
        const int Streams = 150;
        var acknowledged = new List<(int Writer, JournalUnit Unit)>();
        var failed = 0;

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var chance = new Random(writer);
            for (var n = 0; n < Each; n++)
            {
                var unit = await DrawUnit(chance, writer, n);
                if (await Record.ExceptionAsync(() => Journal.Append(unit)) is { } fault)
                {
                    Assert.IsType<JournalConflictException>(fault);
                    Interlocked.Increment(ref failed);
                }
                else
                {
                    lock (acknowledged) acknowledged.Add((writer, unit));
                }
            }
        })));

        Assert.Equal(Writers * Each, acknowledged.Count + failed);
        Assert.InRange(failed, 1, Writers * Each - 1);
        var expected = acknowledged.SelectMany(one => one.Unit.Appends.SelectMany(append => append.Events.Select((e, n) => (append.Stream, Version: append.ExpectedVersion + n + 1, Payload: e.Payload.Text()))));
        var found = new List<(string Stream, int Version, string Payload)>();
        for (var stream = 0; stream < Streams; stream++)
        {
            var events = await Journal.Read($"s/{stream}");
            Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.Version));
            found.AddRange(events.Select(e => ($"s/{stream}", e.Version, e.Payload.Text())));
        }

        Assert.Equal(expected.Order(), found.Order());
        Assert.Equal(acknowledged.Count, Journal.Status.UnitsCommitted);
        Assert.Equal(found.Count, (await Journal.Feed(FeedPosition.Start, 1_000_000)).Events.Count);
        foreach (var (_, unit) in acknowledged) Assert.NotNull(await Journal.FindReceipt(unit.Receipts![0].Key));

        async Task<JournalUnit> DrawUnit(Random chance, int writer, int n)
        {
            var appends = new List<StreamAppend>();
            foreach (var stream in Enumerable.Range(0, Streams).OrderBy(_ => chance.Next()).Take(chance.Next(1, 4)))
            {
                var head = await Journal.Version($"s/{stream}");
                var expectedVersion = chance.Next(20) == 0 ? Math.Max(0, head + chance.Next(-2, 3)) : head;
                appends.Add(new StreamAppend($"s/{stream}", expectedVersion, [.. Enumerable.Range(0, chance.Next(1, 4)).Select(e => Event($$"""{"by":"{{writer}}-{{n}}-{{e}}"}"""))]));
            }

            return new JournalUnit(appends).With($"k/{writer}/{n}");
        }
    }

    [ContractFact]
    public async Task A_sequence_of_units_ends_exactly_as_a_model_says()
    {
        var chance = new Random(4711);
        var heads = new Dictionary<string, int>();
        var keys = new HashSet<string>();
        for (var n = 0; n < 1_500; n++)
        {
            var appends = Enumerable.Range(0, 12).OrderBy(_ => chance.Next()).Take(chance.Next(1, 4))
                .Select(stream => To($"s/{stream}", Math.Max(0, heads.GetValueOrDefault($"s/{stream}") + (chance.Next(6) == 0 ? chance.Next(-2, 3) : 0)), chance.Next(1, 3))).ToArray();
            var unit = Of(appends).With($"k/{chance.Next(3_000)}");
            // A failed unit is followed by a read, as its owner would do.
            if (chance.Next(10) == 0) foreach (var append in appends) await Journal.Read(append.Stream);
            string[] lostStreams = [.. appends.Where(append => append.ExpectedVersion != heads.GetValueOrDefault(append.Stream)).Select(append => append.Stream)];
            string[] lostKeys = [.. unit.Receipts!.Select(receipt => receipt.Key).Where(keys.Contains)];

            if (await Record.ExceptionAsync(() => Journal.Append(unit)) is { } fault)
            {
                var conflict = Assert.IsType<JournalConflictException>(fault);
                Assert.Equal((lostStreams, lostKeys), (conflict.Streams.ToArray(), conflict.ReceiptKeys.ToArray()), SameNames);
                foreach (var append in appends) await Journal.Read(append.Stream);
                continue;
            }

            Assert.Equal(([], []), (lostStreams, lostKeys), SameNames);
            foreach (var append in appends) heads[append.Stream] = append.ExpectedVersion + append.Events.Count;
            foreach (var receipt in unit.Receipts!) keys.Add(receipt.Key);
        }

        foreach (var (stream, head) in heads) Assert.Equal(head, await Journal.Version(stream));
    }

    private static readonly IEqualityComparer<(string[] Streams, string[] Keys)> SameNames =
        EqualityComparer<(string[] Streams, string[] Keys)>.Create((left, right) => left.Streams.SequenceEqual(right.Streams) && left.Keys.SequenceEqual(right.Keys));

    [ContractFact]
    public async Task Reads_that_arrive_together_are_each_answered_with_their_own()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(n => Journal.Append(Of(To($"s/{n}", 0, 1 + n % 5)).With($"k/{n}"))));

        var reads = Enumerable.Range(0, 3_000).Select(n => Journal.Read($"s/{n % 400}", n % 3, 1 + n % 4)).ToArray();
        var receipts = Enumerable.Range(0, 3_000).Select(n => Journal.FindReceipt($"k/{n % 400}")).ToArray();

        for (var n = 0; n < reads.Length; n++)
        {
            var events = n % 400 < 300 ? 1 + n % 400 % 5 : 0;
            var expected = Enumerable.Range(1, events).Skip(n % 3).Take(1 + n % 4).Select(version => $$"""{"to":"s/{{n % 400}}","version":{{version}}}""");
            Assert.Equal(expected, (await reads[n]).Select(e => e.Payload.Text()));
            Assert.Equal(n % 400 < 300 ? $"answer to k/{n % 400}" : null, (await receipts[n])?.Answer.Text());
        }
    }
}
