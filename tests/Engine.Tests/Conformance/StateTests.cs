using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace SocialCommerce.Engine.Tests.Conformance;

[GenerateSerializer]
public sealed class Note
{
    [Id(0)]
    public string Text { get; set; } = "blank";
}

public interface INoteGrain : IGrainWithStringKey
{
    Task<string> Read();

    Task<bool> Exists();

    Task Write(string text);

    Task WriteWithoutSaving(string text);

    Task Clear();

    Task End();
}

public sealed class NoteGrain([PersistentState("note", "store")] IPersistentState<Note> note, Trace trace) : Grain, INoteGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        trace.Note($"activated with {note.State.Text}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        trace.Note("ended");
        return Task.CompletedTask;
    }

    public Task<string> Read() => Task.FromResult(note.State.Text);

    public Task<bool> Exists() => Task.FromResult(note.RecordExists);

    public Task Write(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task WriteWithoutSaving(string text)
    {
        note.State.Text = text;
        return Task.CompletedTask;
    }

    public Task Clear() => note.ClearStateAsync();

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public sealed class StateTests
{
    [Fact]
    public async Task What_was_written_is_there_before_OnActivateAsync_of_the_next_activation()
    {
        await using var silo = await TestSilo.Start(WithMemory);
        var grain = silo.Grain<INoteGrain>("one");
        Assert.False(await grain.Exists());

        await grain.Write("hello");
        await grain.End();
        await silo.Trace.Noted("ended");

        Assert.Equal("hello", await grain.Read());
        Assert.True(await grain.Exists());
        Assert.Equal(["activated with blank", "ended", "activated with hello"], silo.Trace.Notes);
    }

    [Fact]
    public async Task What_was_not_written_is_lost_with_the_activation()
    {
        await using var silo = await TestSilo.Start(WithMemory);
        var grain = silo.Grain<INoteGrain>("one");

        await grain.Write("hello");
        await grain.WriteWithoutSaving("lost");
        await grain.End();
        await silo.Trace.Noted("ended");

        Assert.Equal("hello", await grain.Read());
    }

    [Fact]
    public async Task A_cleared_state_is_as_if_never_written()
    {
        await using var silo = await TestSilo.Start(WithMemory);
        var grain = silo.Grain<INoteGrain>("one");
        await grain.Write("hello");

        await grain.Clear();
        await grain.End();
        await silo.Trace.Noted("ended");

        Assert.Equal("blank", await grain.Read());
        Assert.False(await grain.Exists());
    }

    [Fact]
    public async Task A_write_over_another_writers_fails_and_the_grain_then_reads_again()
    {
        await using var silo = await TestSilo.Start(WithMemory);
        var grain = silo.Grain<INoteGrain>("one");
        await grain.Write("first");

        await WriteBehind(silo, grain.GetGrainId(), "other");

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => grain.Write("second"));
        await silo.Trace.Noted("ended");
        Assert.Equal("other", await grain.Read());
        await grain.Write("third");
        Assert.Equal("third", await grain.Read());
    }

    [Fact]
    public async Task A_storage_of_ones_own_is_registered_by_name()
    {
        await using var silo = await TestSilo.Start(builder =>
            builder.Services.AddGrainStorage("store", (_, name) => new GreetingStorage(name)));

        Assert.Equal("store greets note", await silo.Grain<INoteGrain>("one").Read());
    }

    [Fact]
    public async Task What_a_storage_throws_reaches_the_caller_as_an_OrleansException_around_it()
    {
        await using var silo = await TestSilo.Start(builder =>
            builder.Services.AddGrainStorage("store", (_, name) => new GreetingStorage(name)));

        var thrown = await Assert.ThrowsAsync<OrleansException>(() => silo.Grain<INoteGrain>("one").Write("anything"));

        Assert.IsType<NotSupportedException>(thrown.InnerException);
    }

    private static void WithMemory(ISiloBuilder builder) => builder.AddMemoryGrainStorage("store");

    private static async Task WriteBehind(TestSilo silo, GrainId grainId, string text)
    {
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("store");
        var state = new GrainState<Note>();
        await storage.ReadStateAsync("note", grainId, state);
        state.State = new Note { Text = text };
        await storage.WriteStateAsync("note", grainId, state);
    }

    private sealed class GreetingStorage(string name) : IGrainStorage
    {
        private static NotSupportedException OnlyGreets() => new("Only greets.");

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            ((Note)(object)grainState.State!).Text = $"{name} greets {stateName}";
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw OnlyGreets();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw OnlyGreets();
    }
}
