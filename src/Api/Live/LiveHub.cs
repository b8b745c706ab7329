using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SocialCommerce.Api;

/// <summary>All live subjects of this process: one loop each, however many look on.</summary>
internal sealed class LiveHub : IDisposable
{
    /// <summary>The name of the edge's own meter.</summary>
    public const string MeterName = "SocialCommerce.Api";

    private readonly ConcurrentDictionary<string, LiveSubject> _subjects = new(StringComparer.Ordinal);
    private readonly LivePace _pace;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveHub> _log;
    private readonly Meter _meter;
    private readonly int _viewersMax;
    private int _viewers;

    public LiveHub(ApiOptions options, TimeProvider time, ILogger<LiveHub> log, IMeterFactory meters)
    {
        _viewersMax = options.LiveConnectionsMax;
        Places = new LivePlaces(options.LivePerShopperMax);
        _pace = new LivePace(options.LiveEventsPerSecondMax, time);
        _time = time;
        _log = log;
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge("socialcommerce.live.viewers", () => Volatile.Read(ref _viewers), "{connection}", "Live connections.");
        _meter.CreateObservableGauge("socialcommerce.live.subjects", () => _subjects.Count, "{subject}", "Bargains and teams that are watched.");
    }

    public LivePlaces Places { get; }

    public int SubjectCount => _subjects.Count;

    public int ViewerCount => Volatile.Read(ref _viewers);

    /// <summary>Joins the viewers of a subject; <see cref="Leave"/> afterwards. Null when the process carries as many as it may.</summary>
    public LiveSubject? Join(string key, Watch watch)
    {
        if (Interlocked.Increment(ref _viewers) > _viewersMax)
        {
            Interlocked.Decrement(ref _viewers);
            return null;
        }

        while (true)
        {
            var subject = _subjects.GetOrAdd(key, static (name, given) => given.Hub.NewSubject(name, given.Watch), (Hub: this, Watch: watch));
            if (subject.TryJoin()) return subject;

            // It ended between the look-up and the joining, and is about to remove itself.
            _subjects.TryRemove(new KeyValuePair<string, LiveSubject>(key, subject));
        }
    }

    public void Leave(LiveSubject subject)
    {
        subject.Leave();
        Interlocked.Decrement(ref _viewers);
    }

    public void Dispose() => _meter.Dispose();

    private LiveSubject NewSubject(string key, Watch watch)
        => new(key, watch, _pace, _time, _log, ended => _subjects.TryRemove(new KeyValuePair<string, LiveSubject>(ended.Key, ended)));
}
