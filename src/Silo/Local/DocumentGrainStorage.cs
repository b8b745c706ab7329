using System.Text.Json;
using Orleans.Storage;
using SocialCommerce.Journal;

namespace SocialCommerce.Silo;

/// <summary>Orleans' persistent state in the journal's documents: for a single process, so that one file holds all.</summary>
internal sealed class DocumentGrainStorage(IDocumentStore documents) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var document = await documents.Find(KeyOf(stateName, grainId));
        grainState.RecordExists = document is not null;
        grainState.ETag = document?.Tag;
        grainState.State = document is null ? Activator.CreateInstance<T>() : JsonSerializer.Deserialize<T>(document.Content.Span)!;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var tag = await documents.Write(KeyOf(stateName, grainId), JsonSerializer.SerializeToUtf8Bytes(grainState.State), grainState.ETag);
        if (tag is null) throw new InconsistentStateException($"The state {stateName} of {grainId} was written by somebody else.");
        grainState.ETag = tag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!await documents.Remove(KeyOf(stateName, grainId), grainState.ETag))
            throw new InconsistentStateException($"The state {stateName} of {grainId} was written by somebody else.");
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static string KeyOf(string stateName, GrainId grainId) => $"state/{stateName}/{grainId}";
}
