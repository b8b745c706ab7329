using SocialCommerce.Rehearsal.Auditing;
using SocialCommerce.Rehearsal.Play;
using SocialCommerce.Rehearsal.Records;
using SocialCommerce.Rehearsal.Reporting;

namespace SocialCommerce.Rehearsal.Tests;

public sealed class PartsTests
{
    [Fact]
    public void A_draw_is_the_published_algorithm()
    {
        // Computed with another implementation: printf 'b-1|2|h3' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00010203
        var draw = Draws.Draw(Draws.FromHex("00010203")!, "b-1", 2, "h3");

        Assert.Equal("56d2e2ec38e53064bbb233feadd6e4b1f1908553eb57b1c1483b1420bcac5956", Convert.ToHexStringLower(draw));
        Assert.Equal("054edec1d0211f624fed0cbca9d4f9400b0e491c43742af2c5b0abebf0c990d8", Draws.Commitment([0, 1, 2, 3]));
    }

    [Theory]
    [InlineData("0000000000000000", 300, 500, 300)]
    [InlineData("ffffffffffffffff", 300, 500, 500)]
    [InlineData("8000000000000000", 0, 9, 5)]
    [InlineData("7fffffffffffffff", 0, 9, 4)]
    [InlineData("ffffffffffffffff", 10, 10, 10)]
    public void A_draw_becomes_a_whole_number_in_its_range(string draw, long min, long max, long number) =>
        Assert.Equal(number, Draws.Uniform(Draws.FromHex(draw), min, max));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("zz")]
    public void What_is_no_hex_is_no_seed(string? text) => Assert.Null(Draws.FromHex(text));

    [Fact]
    public void Every_entry_comes_back_from_the_record_as_it_was()
    {
        var path = Path.GetTempFileName();
        Entry[] entries =
        [
            new RunBegun("r", "http://localhost", 1, 3, DateTimeOffset.UnixEpoch),
            new CampaignPublished("c", "bargain", "p") { Stock = 3, Policy = "amounts", New = new(3, 5), Existing = new(1, 1) },
            new BargainStarted("b", "c", "o") { StartPriceFen = 5, Commitment = "00", ExpiresAt = DateTimeOffset.UnixEpoch.AddTicks(1), Invited = true },
            new CutAcknowledged("b", "h", 1, 2, 3) { At = DateTimeOffset.UnixEpoch, NewShopper = true },
            new OutcomeUnknown("cut", "b", "h2"),
            new PaymentAcknowledged(null, "p-1", "pay", 5),
        ];
        try
        {
            using (var ledger = Ledger.Open(path))
            {
                foreach (var entry in entries) ledger.Append(entry);
            }

            // A line that a crash cut short was never finished, and says nothing.
            File.AppendAllText(path, "{\"kind\":\"cut\",\"barg");
            Assert.Equal(entries, Ledger.Load(path).Entries);

            File.AppendAllText(path, "\n" + File.ReadAllLines(path)[0]);
            Assert.Contains($"line {entries.Length + 1} is no entry", Assert.Throws<UsageException>(() => Ledger.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Chance_follows_from_the_seed_and_the_matter()
    {
        Assert.Equal(Chance.For(1, "help", 3).Next(), Chance.For(1, "help", 3).Next());
        Assert.NotEqual(Chance.For(1, "help", 3).Next(), Chance.For(1, "help", 4).Next());
        Assert.NotEqual(Chance.For(1, "help", 3).Next(), Chance.For(2, "help", 3).Next());
    }

    [Fact]
    public async Task The_agenda_keeps_order_and_room_and_ends_when_nothing_is_left()
    {
        var agenda = new Agenda(TimeProvider.System, 2);
        var (running, most, order) = (0, 0, new List<int>());
        for (var i = 5; i > 0; i--)
        {
            var number = i;
            agenda.At(DateTimeOffset.UnixEpoch.AddSeconds(i), async () =>
            {
                lock (order)
                {
                    order.Add(number);
                    most = Math.Max(most, ++running);
                }

                await Task.Yield();
                lock (order) running--;
            });
        }

        await agenda.WorkUntil(DateTimeOffset.MaxValue, CancellationToken.None);

        Assert.Equal([1, 2, 3, 4, 5], order.Order());
        Assert.Equal(1, Math.Min(order[0], order[1]));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task What_fails_on_the_agenda_comes_out()
    {
        var agenda = new Agenda(TimeProvider.System, 2);
        agenda.In(TimeSpan.Zero, () => throw new InvalidOperationException("the act failed"));

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => agenda.WorkUntil(DateTimeOffset.MaxValue, CancellationToken.None));

        Assert.Equal("the act failed", e.Message);
    }

    [Fact]
    public void A_table_lines_up_its_columns()
    {
        var table = new TextTable("what", "n");
        table.Add("a", "1000");
        table.Add("longer", "1");

        Assert.Equal("  what       n\n  a       1000\n  longer     1\n", table.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void What_was_broken_for_good_stays_broken_in_a_later_reading()
    {
        var (earlier, later) = (new Findings(), new Findings());
        earlier.Check(AuditRules.CutStands, "b h", false, () => "gone");
        earlier.Check(AuditRules.CutsInFeed, "b", false, () => "not yet");
        later.Check(AuditRules.CutStands, "b h", true, () => "");

        later.KeepLasting(earlier);

        Assert.Equal(new Breach("cutStands", "b h", "gone"), Assert.Single(later.Breaches));
        Assert.True(earlier.MaySettle);
        Assert.False(later.MaySettle);
    }
}
