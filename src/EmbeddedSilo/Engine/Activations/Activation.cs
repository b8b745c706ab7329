using System.Diagnostics.CodeAnalysis;
using Orleans;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Calls;
using SocialCommerce.EmbeddedSilo.Turns;

namespace SocialCommerce.EmbeddedSilo.Activations;

/// <summary>
/// A grain in memory. This half decides which message may start: one at a time, or interleaved as the attributes allow. Everything here
/// happens in the activation's own turns, so no field needs a lock; others only post. The other half is its life.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The scope is disposed of when the activation ends.")]
internal sealed partial class Activation : TurnQueue, IGrainContext, IMessageTarget
{
    private MessageList _waiting;
    private int _running;
    private int _readers;
    private int _writers;
    private bool _starting;

    public Activation(GrainClass grainClass, IdSpan key)
    {
        Class = grainClass;
        Key = key;
        _lastUse = grainClass.Silo.Heart.Ceiling;
    }

    /// <summary>The activation whose turn is running on this thread.</summary>
    public static new Activation? Current => TaskScheduler.Current as Activation;

    public GrainClass Class { get; }

    public Silo Silo => Class.Silo;

    public IdSpan Key { get; }

    public GrainId GrainId => new(Class.GrainType, Key);

    public GrainReference GrainReference => new(Class, Key);

    protected override ITurnScheduler? Scheduler => Silo.Scheduler;

    public bool TryDeliver(Message message)
    {
        Post(message);
        return true;
    }

    public void Receive(Message message)
    {
        switch (_stage)
        {
            case Stage.New:
                _waiting.Add(message);
                _ = Activate();
                break;
            case Stage.Active when MayStart(message):
                Begin(message);
                StartWaiting();
                break;
            case Stage.Ended:
                message.Forward();
                break;
            default:
                _waiting.Add(message);
                break;
        }
    }

    /// <summary>Called by a message, in a turn, when its work is over.</summary>
    public void Ended(Message message)
    {
        _running--;
        if (!message.AlwaysInterleaves)
        {
            if (message.IsReadOnly) _readers--;
            else _writers--;
        }

        if (message.KeepsActive) _lastUse = Silo.Heart.Ceiling;
        if (Class.IsStatelessWorker) Interlocked.Decrement(ref _load);
        StartWaiting();
    }

    private bool MayStart(Message message) =>
        Class.IsReentrant || message.AlwaysInterleaves || (_writers == 0 && (message.IsReadOnly || _readers == 0));

    private void Begin(Message message)
    {
        _running++;
        if (!message.AlwaysInterleaves)
        {
            if (message.IsReadOnly) _readers++;
            else _writers++;
        }

        _ = message.Execute(this);
    }

    private void StartWaiting()
    {
        // A message that ends at once comes back here from Begin; the loop below takes it from there, so the stack stays flat.
        if (_starting) return;
        _starting = true;
        while (_stage == Stage.Active && NextToStart() is { } message) Begin(message);
        _starting = false;
        if (_stage == Stage.Ending && _running == 0) _ = Deactivate();
    }

    private Message? NextToStart()
    {
        // While a writer runs, nothing in the queue may start: what may interleave with it never had to wait.
        if (_waiting.Count == 0 || (_writers > 0 && !Class.IsReentrant)) return null;
        if (MayStart(_waiting.First!)) return _waiting.TakeFirst();
        return _waiting.TakeFirstReader();
    }
}
