using System.Diagnostics.Metrics;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>What the journal says of itself, as metrics.</summary>
internal sealed class JournalMeter : IHostedService, IDisposable
{
    /// <summary>The name of the journal's meter.</summary>
    public const string Name = "SocialCommerce.Journal";

    private readonly Meter _meter;

    public JournalMeter(IJournal journal, IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _meter.CreateObservableCounter("socialcommerce.journal.units", () => journal.Status.UnitsCommitted, "{unit}", "Units committed.");
        _meter.CreateObservableCounter("socialcommerce.journal.events", () => journal.Status.EventsCommitted, "{event}", "Events committed.");
        _meter.CreateObservableCounter("socialcommerce.journal.commits", () => journal.Status.Commits, "{commit}", "Commits, each of one or more units.");
        _meter.CreateObservableCounter("socialcommerce.journal.reads", () => journal.Status.Reads, "{read}", "Reads of streams and receipts.");
        _meter.CreateObservableCounter(
            "socialcommerce.journal.reads_spared", () => journal.Status.ReadsSpared, "{read}", "Of these, answered without the store: there is no such stream or receipt.");
        _meter.CreateObservableGauge("socialcommerce.journal.queued", () => journal.Status.Queued, "{unit}", "Units waiting for a commit.");
        _meter.CreateObservableGauge("socialcommerce.journal.writable", () => journal.Status.Writable ? 1 : 0, "1", "1 while the journal can be written, else 0.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
