using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using SocialCommerce.EmbeddedSilo.Activations;
using SocialCommerce.EmbeddedSilo.Calls;

namespace SocialCommerce.EmbeddedSilo;

/// <summary>One silo: the classes it knows, the calls that wait, and what they share.</summary>
internal sealed class Silo : IDisposable
{
    private static readonly TimeSpan SlowestBeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FastestBeat = TimeSpan.FromMilliseconds(10);
    private readonly FrozenDictionary<GrainType, GrainClass> _classes;
    private readonly TimeSpan _responseTimeout;
    private readonly SiloOptions _options;
    private IIncomingGrainCallFilter[] _filters = [];
    private TaskCompletionSource? _emptied;
    private int _activations;
    private volatile bool _takesCalls;

    public Silo(IServiceProvider services, TimeProvider time, ILoggerFactory loggers, SiloOptions options)
    {
        Services = services;
        Time = time;
        Log = new SiloLog(loggers);
        _options = options;
        _responseTimeout = options.Messaging.ResponseTimeout;
        Scheduler = options.Engine.Scheduler;
        var types = GrainTypes.Find(options.Engine.GrainAssemblies).ToArray();
        Heart = new Heartbeat(time, BeatFor(types), EndOverdueCalls);
        ActivationDeadline = new(time, options.Collection.ActivationTimeout);
        DeactivationDeadline = new(time, options.Collection.DeactivationTimeout);
        GrainFactory = new GrainFactory(this);
        Classes = [.. types.Select(type => new GrainClass(this, type, options.Collection))];
        var doubled = Classes.GroupBy(grainClass => grainClass.GrainType).FirstOrDefault(group => group.Count() > 1);
        if (doubled is not null)
        {
            throw new OrleansConfigurationException(
                $"Two classes are of grain type \"{doubled.Key}\": {string.Join(", ", doubled.Select(grainClass => grainClass.Type))}. "
                + "Name one with [GrainType].");
        }

        _classes = Classes.ToFrozenDictionary(grainClass => grainClass.GrainType);
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public ITurnScheduler? Scheduler { get; }

    /// <summary>
    /// How answers go on: on the pool, so that no caller can hold up who answers. Under a supplied scheduler they go on at once, since
    /// Task.WhenAll and its like would else take them off the schedule; an await is queued on its own scheduler in either case.
    /// </summary>
    public TaskCreationOptions AnswerOptions => Scheduler is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    public SiloLog Log { get; }

    public GrainFactory GrainFactory { get; }

    public GrainClass[] Classes { get; }

    public Heartbeat Heart { get; }

    public CallLedger Ledger { get; } = new();

    public SharedDeadline ActivationDeadline { get; }

    public SharedDeadline DeactivationDeadline { get; }

    /// <summary>May a call make a new activation?</summary>
    public bool MayActivate { get; private set; }

    public GrainClass ClassOf(GrainType type) =>
        _classes.TryGetValue(type, out var found) ? found : throw new ArgumentException($"Unknown grain type \"{type}\".");

    public IIncomingGrainCallFilter[]? FiltersFor(object grain) =>
        grain is IIncomingGrainCallFilter own ? [.. _filters, own] : _filters.Length > 0 ? _filters : null;

    public void Dispatch(Request request)
    {
        // While the silo stops, calls from grain to grain go on, so that what has begun can end.
        if (!_takesCalls && request.Source is null)
        {
            request.Fail(new SiloUnavailableException($"The silo is not running; {request.Method.Name} was not sent."));
            return;
        }

        if (!request.Method.IsOneWay)
        {
            request.Deadline = Heart.Ceiling + Heart.Ticks(request.Method.ResponseTimeout ?? _responseTimeout);
            Ledger.Add(request);
        }

        request.Target.Class.Deliver(request);
    }

    public void ActivationBegins() => Interlocked.Increment(ref _activations);

    public void ActivationEnds()
    {
        if (Interlocked.Decrement(ref _activations) == 0) Volatile.Read(ref _emptied)?.TrySetResult();
    }

    public void TakeCalls()
    {
        _filters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        MayActivate = true;
        _takesCalls = true;
    }

    /// <summary>
    /// Afterwards no activation is left: calls from outside are refused, those under way have ended, and every activation was deactivated.
    /// What takes longer than its bound is left behind, and logged.
    /// </summary>
    public async Task Empty(CancellationToken cancellation)
    {
        _takesCalls = false;
        if (!await Done(Ledger.Emptied(), _options.Engine.DrainTimeout, cancellation)) Log.CallsLeftBehind();

        MayActivate = false;
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _emptied, emptied);
        Interlocked.MemoryBarrier();
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping.");
        foreach (var activation in Classes.SelectMany(grainClass => grainClass.Activations())) activation.Deactivate(reason, cancellation);
        if (Volatile.Read(ref _activations) == 0) emptied.TrySetResult();
        if (!await Done(emptied.Task, _options.Collection.DeactivationTimeout, cancellation)) Log.ActivationsLeftBehind(_activations);
    }

    public void Dispose()
    {
        Heart.Dispose();
        ActivationDeadline.Dispose();
        DeactivationDeadline.Dispose();
    }

    private async Task<bool> Done(Task task, TimeSpan bound, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(bound, Time, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private bool EndOverdueCalls(long now)
    {
        foreach (var request in Ledger.Overdue(now)) request.TimeOut(request.Method.ResponseTimeout ?? _responseTimeout);
        return !Ledger.IsEmpty;
    }

    // A timeout should be kept to within a tenth or so, however short it is.
    private TimeSpan BeatFor(Type[] grainTypes)
    {
        var shortest = grainTypes.SelectMany(type => type.GetInterfaces()).Distinct()
            .SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout ?? _responseTimeout)
            .Append(_responseTimeout).Min() / 10;
        return shortest > SlowestBeat ? SlowestBeat : shortest < FastestBeat ? FastestBeat : shortest;
    }
}
