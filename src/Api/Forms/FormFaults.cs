using System.Collections.Immutable;

namespace SocialCommerce.Api;

/// <summary>Collects what is wrong with a request, so that all of it can be named at once.</summary>
internal sealed class FormFaults(Fault? first)
{
    // A body of 64 KiB can hold thousands of faults; nobody reads more than these.
    private const int Max = 100;

    private List<Fault>? _list = first is null ? null : [first];

    public bool Any => _list is not null;

    /// <summary>No more will be told; whoever looks for them may stop.</summary>
    public bool AreFull => _list?.Count >= Max;

    public IReadOnlyList<Fault> List => _list ?? (IReadOnlyList<Fault>)[];

    public void Add(string field, string message)
    {
        _list ??= [];
        if (_list.Count < Max) _list.Add(new Fault { Field = field, Message = message });
    }

    public ImmutableArray<Fault> ToImmutable() => _list is null ? [] : [.. _list];
}
