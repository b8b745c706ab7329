using System.Collections.Concurrent;

namespace SocialCommerce.Engine.Tests;

/// <summary>
/// What grains and tests say to one another: grains note what happens, and wait where a test holds a gate shut. A wait that lasts too long
/// fails the test instead of hanging it.
/// </summary>
public sealed class Trace
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly Lock _lock = new();
    private readonly List<string> _notes = [];
    private TaskCompletionSource _noted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string[] Notes
    {
        get
        {
            lock (_lock) return [.. _notes];
        }
    }

    public void Note(string note)
    {
        TaskCompletionSource noted;
        lock (_lock)
        {
            _notes.Add(note);
            noted = _noted;
            _noted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        noted.SetResult();
    }

    public int Count(string note) => Notes.Count(each => each == note);

    /// <summary>Completes when <paramref name="note"/> has been noted so many times.</summary>
    public async Task Noted(string note, int times = 1)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_notes.Count(each => each == note) >= times) return;
                next = _noted.Task;
            }

            await next.WaitAsync(patience.Token);
        }
    }

    /// <summary>Completes when the test opens this gate.</summary>
    public Task Gate(string name) => Of(name).Task.WaitAsync(Patience);

    public bool IsOpen(string name) => Of(name).Task.IsCompleted;

    public void Open(string name) => Of(name).TrySetResult();

    public int Add(string counter, int amount) => _counts.AddOrUpdate(counter, amount, (_, count) => count + amount);

    private TaskCompletionSource Of(string name) => _gates.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
