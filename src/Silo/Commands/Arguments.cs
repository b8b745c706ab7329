using System.Globalization;

namespace SocialCommerce.Silo;

/// <summary>Options of a command line: <c>--name value</c>, <c>--name=value</c> or a bare <c>--name</c>. Names every fault at once.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <param name="args">What follows the command's name.</param>
    /// <param name="valued">Options that take a value.</param>
    /// <param name="bare">Options that take none.</param>
    public Arguments(IReadOnlyList<string> args, IReadOnlyCollection<string> valued, IReadOnlyCollection<string> bare)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            string? value = null;
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            if (name.StartsWith("--", StringComparison.Ordinal) && equals > 0) (name, value) = (name[..equals], name[(equals + 1)..]);

            if (bare.Contains(name) && value is null) _values[name] = "";
            else if (!valued.Contains(name)) _faults.Add($"unknown option {args[i]}");
            else if (value is null && i + 1 == args.Count) _faults.Add($"{name} needs a value");
            else _values[name] = value ?? args[++i];
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int? Whole(string name, int min, int max)
    {
        if (!_values.TryGetValue(name, out var text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        _faults.Add($"{name} {text}: must be a whole number from {min} to {max}");
        return null;
    }

    /// <exception cref="SiloFaultException">Something in the command line is wrong.</exception>
    public void ThrowIfFaulty(string usage)
    {
        if (_faults.Count > 0) throw new SiloFaultException($"{string.Join("; ", _faults)}. Usage: {usage}");
    }
}
