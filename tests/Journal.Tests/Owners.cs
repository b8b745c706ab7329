using System.Collections.Concurrent;
using static SocialCommerce.Journal.Tests.Units;

namespace SocialCommerce.Journal.Tests;

/// <summary>
/// Owners of streams that go on appending whatever happens to the store, as grains would: on a fault each reads its stream and goes on from there.
/// Afterwards tells whether anything acknowledged was lost or doubled, or anything refused was written.
/// </summary>
internal sealed class Owners(IJournal journal, int owners)
{
    private readonly ConcurrentDictionary<(int Owner, int Number), bool> _acknowledged = new();
    private readonly ConcurrentDictionary<(int Owner, int Number), bool> _refused = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _faults;

    public int Acknowledged => _acknowledged.Count;

    public int Faults => Volatile.Read(ref _faults);

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, owners).Select(owner => Task.Run(() => Run(owner))));

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Completes when so many more units are acknowledged.</summary>
    public async Task Advance(int units, TimeSpan patience)
    {
        var goal = Acknowledged + units;
        using var clock = new CancellationTokenSource(patience);
        while (Acknowledged < goal)
        {
            Assert.False(_running.IsFaulted, _running.Exception?.ToString());
            Assert.False(clock.IsCancellationRequested, $"{Acknowledged} of {goal} units after {patience}: {journal.Status}");
            await Task.Delay(10);
        }
    }

    /// <summary>Each unit carries its number in both of its streams, so both tell the same story.</summary>
    public async Task<int> CountWritten()
    {
        var written = 0;
        for (var owner = 0; owner < owners; owner++)
        {
            var numbers = (await journal.Read($"o/{owner}")).Select(e => int.Parse(e.Payload.Text(), System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers.Distinct(), numbers);
            Assert.Empty(_acknowledged.Keys.Where(key => key.Owner == owner).Select(key => key.Number).Except(numbers));
            Assert.Empty(_refused.Keys.Where(key => key.Owner == owner).Select(key => key.Number).Intersect(numbers));
            foreach (var number in numbers) Assert.Equal(1, await journal.Version($"o/{owner}/{number}"));
            written += numbers.Count;
        }

        return written;
    }

    private async Task Run(int owner)
    {
        var version = 0;
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            try
            {
                await journal.Append(new StreamAppend($"o/{owner}", version, [Event(number.ToString(System.Globalization.CultureInfo.InvariantCulture))]), To($"o/{owner}/{number}", 0));
                _acknowledged[(owner, number)] = true;
                version++;
            }
            catch (JournalUnavailableException fault)
            {
                Interlocked.Increment(ref _faults);
                if (!fault.OutcomeUnknown) _refused[(owner, number)] = true;
                version = await ReadVersion(owner);
            }
        }
    }

    private async Task<int> ReadVersion(int owner)
    {
        while (true)
        {
            try
            {
                return await journal.Version($"o/{owner}");
            }
            catch (JournalUnavailableException)
            {
                // The store is away; a caller would be told so and come again.
                await Task.Delay(20);
            }
        }
    }
}
