using System.Text;
using System.Text.Unicode;

namespace SocialCommerce.Journal;

/// <summary>Refuses a unit that no store could keep as it is, before it reaches a batch whose other units it would take down.</summary>
internal static class UnitCheck
{
    public const int NameLengthMax = 200;

    /// <exception cref="ArgumentException">Names every fault of the unit.</exception>
    public static void Check(JournalUnit unit)
    {
        List<string>? faults = null;
        if (unit.Appends is null || (unit.Appends.Count == 0 && unit.Receipts is not { Count: > 0 })) Add("a unit needs at least one append or receipt");
        else
        {
            // Units have a handful of appends, rarely a thousand: a set is only worth its cost for the large ones.
            var seen = unit.Appends.Count > 8 ? new HashSet<string>(unit.Appends.Count, StringComparer.Ordinal) : null;
            for (var i = 0; i < unit.Appends.Count; i++)
            {
                var append = unit.Appends[i];
                CheckAppend(append);
                if (append.Stream is not null && (seen is null ? EarlierHas(unit.Appends, i) : !seen.Add(append.Stream))) Add($"stream '{Shown(append.Stream)}' is there twice");
            }
        }

        for (var i = 0; i < (unit.Receipts?.Count ?? 0); i++) CheckReceipt(unit.Receipts!, i);
        if (faults is not null) throw new ArgumentException($"Not a unit: {string.Join("; ", faults)}.", nameof(unit));

        void Add(string fault) => (faults ??= []).Add(fault);

        void CheckAppend(StreamAppend append)
        {
            if (!IsName(append.Stream)) Add($"stream '{Shown(append.Stream)}' is not 1 to {NameLengthMax} characters of printable ASCII");
            if (append.ExpectedVersion < 0) Add($"expected version {append.ExpectedVersion} of '{Shown(append.Stream)}' is negative");
            if (append.Events is null || append.Events.Count == 0) Add($"stream '{Shown(append.Stream)}' gets no events");
            else if (append.ExpectedVersion > int.MaxValue - append.Events.Count) Add($"versions of '{Shown(append.Stream)}' run over");
            else if (!AllText(append.Events)) Add($"a payload for '{Shown(append.Stream)}' is not UTF-8 text without NUL");
        }

        void CheckReceipt(IReadOnlyList<ReceiptWrite> receipts, int index)
        {
            var receipt = receipts[index];
            if (!IsKey(receipt.Key)) Add($"receipt key '{Shown(receipt.Key)}' is not 1 to {NameLengthMax} characters without control characters");
            for (var i = 0; i < index; i++)
            {
                if (receipts[i].Key != receipt.Key) continue;
                Add($"receipt key '{receipt.Key}' is there twice");
                break;
            }

            if (receipt.Fingerprint is null || !IsText(receipt.Fingerprint)) Add($"the fingerprint of receipt '{Shown(receipt.Key)}' is not text without control characters");
        }
    }

    /// <exception cref="ArgumentException">The text can't be the name of a stream or document.</exception>
    public static void CheckName(string name, string argument)
    {
        if (!IsName(name)) throw new ArgumentException($"'{Shown(name)}' is not 1 to {NameLengthMax} characters of printable ASCII.", argument);
    }

    /// <exception cref="ArgumentException">The text can't be the key of a receipt.</exception>
    public static void CheckKey(string key, string argument)
    {
        if (!IsKey(key)) throw new ArgumentException($"'{Shown(key)}' is not 1 to {NameLengthMax} characters without control characters.", argument);
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= NameLengthMax } && !name.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsKey(string? key) => key is { Length: > 0 and <= NameLengthMax } && IsText(key);

    // A lone surrogate has no UTF-8 form: two different keys would be stored as one.
    private static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune)) return false;
        }

        return true;
    }

    // A payload that is no text would fail the whole commit on PostgreSQL.
    private static bool AllText(IReadOnlyList<NewEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var payload = events[i].Payload.Span;
            if (payload.IsEmpty || !Utf8.IsValid(payload) || payload.Contains((byte)0)) return false;
        }

        return true;
    }

    private static bool EarlierHas(IReadOnlyList<StreamAppend> appends, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (appends[i].Stream == appends[index].Stream) return true;
        }

        return false;
    }

    private static string Shown(string? text) => text is null ? "(null)" : text.Length <= 60 ? text : text[..60] + "…";
}
