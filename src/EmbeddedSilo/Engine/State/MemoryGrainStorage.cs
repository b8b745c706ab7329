using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace SocialCommerce.EmbeddedSilo.State;

/// <summary>Keeps states as JSON, so that a grain and its record never share an object.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), Row> _rows = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = _rows.GetValueOrDefault((stateName, grainId));
        grainState.RecordExists = row is not null;
        grainState.ETag = row?.Etag;
        grainState.State = row is null ? Activator.CreateInstance<T>() : JsonSerializer.Deserialize<T>(row.Json);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var next = new Row(JsonSerializer.SerializeToUtf8Bytes(grainState.State), Next(grainState.ETag));
        var written = grainState.ETag is null
            ? _rows.TryAdd(key, next)
            : _rows.TryGetValue(key, out var old) && old.Etag == grainState.ETag && _rows.TryUpdate(key, next, old);
        if (!written) throw Stale(key, grainState.ETag);
        grainState.ETag = next.Etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var cleared = !_rows.TryGetValue(key, out var old) || (old.Etag == grainState.ETag && _rows.TryRemove(new(key, old)));
        if (!cleared) throw Stale(key, grainState.ETag);
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private static string Next(string? etag)
    {
        var last = etag is null ? 0 : int.Parse(etag, CultureInfo.InvariantCulture);
        return (last + 1).ToString(CultureInfo.InvariantCulture);
    }

    private InconsistentStateException Stale((string Name, GrainId Grain) key, string? etag) =>
        new($"State {key.Name} of {key.Grain} was changed by another writer.", _rows.GetValueOrDefault(key)?.Etag, etag);

    private sealed record Row(byte[] Json, string Etag);
}
