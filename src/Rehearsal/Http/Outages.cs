namespace SocialCommerce.Rehearsal.Http;

/// <summary>When the engine was unreachable. Requests report failures and answers from any thread.</summary>
internal sealed class Outages
{
    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _over = [];
    private DateTimeOffset? _since;
    private DateTimeOffset _lastAnswer = DateTimeOffset.MinValue;

    /// <summary>A try that began at <paramref name="began"/> got no answer.</summary>
    public void Failed(DateTimeOffset began)
    {
        lock (_lock)
        {
            // A straggler from before the last answer says nothing about now.
            if (began > _lastAnswer) _since ??= began;
        }
    }

    public void Answered(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_since is { } since) _over.Add((since, now));
            _since = null;
            if (now > _lastAnswer) _lastAnswer = now;
        }
    }

    /// <summary>Since when nobody answers, or null while somebody does.</summary>
    public DateTimeOffset? AwaySince
    {
        get
        {
            lock (_lock) return _since;
        }
    }

    /// <summary>The absences that are over.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Over
    {
        get
        {
            lock (_lock) return [.. _over];
        }
    }
}
