namespace Orleans.Runtime;

/// <summary>Values that travel with a call, and with every call made on its way. Changes flow to the callee, never back.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<Dictionary<string, object>?> Flow = new();

    public static IEnumerable<string> Keys => Flow.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => Flow.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    // The dictionary is never changed once set, so calls may share it.
    internal static Dictionary<string, object>? Values
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    public static object? Get(string key) => Flow.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value) =>
        Flow.Value = new Dictionary<string, object>(Flow.Value ?? []) { [key] = value };

    public static bool Remove(string key)
    {
        if (Flow.Value is not { } values || !values.ContainsKey(key)) return false;
        var left = new Dictionary<string, object>(values);
        left.Remove(key);
        Flow.Value = left.Count == 0 ? null : left;
        return true;
    }

    public static void Clear() => Flow.Value = null;
}
