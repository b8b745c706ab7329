using System.Runtime.CompilerServices;
using System.Text;

namespace SocialCommerce.Simulation.Tests;

/// <summary>
/// What happened, step by step, as one running hash: two runs of a seed that differ in anything differ in it. The text is only made where
/// somebody wants to read it, from the same parts.
/// </summary>
internal sealed class Trace(Timeline timeline, bool isKept)
{
    private const ulong Prime = 0x100000001B3;

    private readonly List<string> _lines = [];

    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public IReadOnlyList<string> Lines => _lines;

    private bool IsKept => isKept;

    public void Note([InterpolatedStringHandlerArgument("")] ref Line line)
    {
        Mix((ulong)timeline.Ticks);
        if (line.Text is { } text) _lines.Add($"{timeline.Now:yyyy-MM-dd HH:mm:ss.fff} {text}");
    }

    private void Mix(ulong value)
    {
        Hash = (Hash ^ value) * Prime;
        Hash ^= Hash >> 29;
    }

    private void Mix(string text)
    {
        var hash = Hash;
        foreach (var character in text) hash = (hash ^ character) * Prime;
        Hash = hash ^ (hash >> 29);
    }

    [InterpolatedStringHandler]
    internal readonly ref struct Line(int literalLength, int formattedCount, Trace trace)
    {
        public StringBuilder? Text { get; } = trace.IsKept ? new StringBuilder(literalLength + (formattedCount * 16)) : null;

        public void AppendLiteral(string text)
        {
            trace.Mix((ulong)text.Length);
            Text?.Append(text);
        }

        public void AppendFormatted(string? text)
        {
            trace.Mix(text ?? "");
            Text?.Append(text);
        }

        public void AppendFormatted(long value)
        {
            trace.Mix((ulong)value);
            Text?.Append(value);
        }

        public void AppendFormatted(TimeSpan value)
        {
            trace.Mix((ulong)value.Ticks);
            Text?.Append(value);
        }

        public void AppendFormatted<T>(T value)
            where T : struct, Enum
        {
            trace.Mix((ulong)value.GetHashCode());
            Text?.Append(value);
        }
    }
}
