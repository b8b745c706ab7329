namespace SocialCommerce.Journal;

/// <summary>What a sole writer knows not to be there: streams, and receipts by their keys.</summary>
internal sealed class Absences(AbsentNames streams, AbsentNames receipts) : IAsyncDisposable
{
    /// <summary>What a read of a stream that is not there gives.</summary>
    public static readonly Task<IReadOnlyList<StoredEvent>> NoEvents = Task.FromResult<IReadOnlyList<StoredEvent>>([]);

    /// <summary>What a look for a receipt that is not there gives.</summary>
    public static readonly Task<StoredReceipt?> NoReceipt = Task.FromResult<StoredReceipt?>(null);

    public AbsentNames Streams => streams;
    public AbsentNames Receipts => receipts;

    /// <inheritdoc cref="AbsentNames.Begin"/>
    public void Begin()
    {
        streams.Begin();
        receipts.Begin();
    }

    /// <inheritdoc cref="AbsentNames.Pause"/>
    public void Pause()
    {
        streams.Pause();
        receipts.Pause();
    }

    /// <summary>To be called before a unit is handed over to be written.</summary>
    public void Appears(JournalUnit unit)
    {
        for (var i = 0; i < unit.Appends.Count; i++)
        {
            // Whatever else is appended to either exists or is refused.
            if (unit.Appends[i].ExpectedVersion == 0) streams.Appears(unit.Appends[i].Stream);
        }

        for (var i = 0; i < (unit.Receipts?.Count ?? 0); i++) receipts.Appears(unit.Receipts![i].Key);
    }

    public async ValueTask DisposeAsync()
    {
        await streams.DisposeAsync();
        await receipts.DisposeAsync();
    }
}
