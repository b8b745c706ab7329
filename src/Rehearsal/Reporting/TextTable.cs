using System.Text;

namespace SocialCommerce.Rehearsal.Reporting;

/// <summary>Plain text in columns: the first flush left, the others flush right.</summary>
internal sealed class TextTable(params string[] head)
{
    private readonly List<string[]> _rows = [head];

    public void Add(params string[] cells)
    {
        if (cells.Length != head.Length) throw new ArgumentException($"{cells.Length} cells under {head.Length} heads", nameof(cells));
        _rows.Add(cells);
    }

    public override string ToString()
    {
        var widths = head.Select((_, column) => _rows.Max(r => r[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            var line = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            text.Append("  ").AppendLine(string.Join("  ", line).TrimEnd());
        }

        return text.ToString();
    }
}
