using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace SocialCommerce.EmbeddedSilo.State;

/// <summary>One state of one activation. What a storage throws reaches the grain as an OrleansException, as Orleans has it.</summary>
internal sealed class PersistentState<TState>(string name, GrainId grainId, IGrainStorage storage) : IPersistentState<TState>
{
    private readonly GrainState<TState> _state = new(Activator.CreateInstance<TState>());

    public TState State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => Try(() => storage.ReadStateAsync(name, grainId, _state), "reading");

    public Task WriteStateAsync() => Try(() => storage.WriteStateAsync(name, grainId, _state), "writing");

    public Task ClearStateAsync() => Try(() => storage.ClearStateAsync(name, grainId, _state), "clearing");

    private async Task Try(Func<Task> work, string doing)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            var provider = storage.GetType().Name;
            throw new OrleansException($"Error from storage provider {provider} while {doing} {name} of {grainId}: {exception.Message}", exception);
        }
    }
}
