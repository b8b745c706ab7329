using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>
/// The form of one request: ids of its path, its query, its idempotency key and its body. Read everything, then ask <see cref="IsFaulty"/>
/// once, so that the answer names every field. Dispose it when the reply is written.
/// </summary>
internal sealed class RequestForm(Call call) : IDisposable
{
    public const string IdempotencyKeyHeader = "Idempotency-Key";
    public const int LimitMax = 200;
    public const int LimitDefault = 50;

    private const int IdempotencyKeyLengthMax = 255;
    private const int ViaLengthMax = 2048;
    private const int DigestBytes = 16;
    private const int DigestOnStackMax = 512;

    private readonly FormFaults _faults = new(call.ShopperFault);
    private Body _body;

    public bool IsFaulty => _faults.Any || _body.Refusal is not null;

    /// <summary>True when the body can't be read at all, so that its members can't be judged.</summary>
    public bool IsUnreadable => _body.Refusal is not null || (_faults.Any && _body.Root.ValueKind == JsonValueKind.Undefined && !_body.Bytes.IsEmpty);

    public FormFaults Faults => _faults;

    public JsonForm Body => new(_body.Root, "", _faults);

    public async ValueTask ReadBody() => _body = await BodyReader.Read(call.Http, _faults);

    public void Refuse()
    {
        if (_body.Refusal is { } refusal) call.Refuse(refusal);
        else call.Refuse(Problems.Malformed, new ProblemNotes { Errors = _faults.List });
    }

    /// <summary>An id of the path; empty, with a fault, when no entity could have it.</summary>
    public string PathId(string name)
    {
        if (call.Http.Request.RouteValues[name] is string text && Ids.IsId(text)) return text;
        _faults.Add(name, $"in the path must have {Ids.InWords}.");
        return "";
    }

    /// <summary>A share token; empty for none. Whether it is good is not asked here: a bad one does no harm.</summary>
    public string Via() => Body.Text("via", ViaLengthMax, lengthMin: 0) ?? "";

    public int Limit() => Query("limit") is { } text ? WholeQuery("limit", text, 1, LimitMax) : LimitDefault;

    /// <summary>A cursor that counts.</summary>
    public int CountCursor() => Query("after") is { Length: > 0 } text ? WholeQuery("after", text, 0, int.MaxValue) : 0;

    /// <summary>A cursor that is an id; empty for the start.</summary>
    public string IdCursor()
    {
        if (Query("after") is not { Length: > 0 } text) return "";
        if (!Ids.IsId(text)) _faults.Add("after", $"must be a cursor that this list gave: {Ids.InWords}.");
        return text;
    }

    /// <summary>A cursor of the feed; empty for the start.</summary>
    public string FeedCursor()
    {
        if (Query("after") is not { Length: > 0 } text) return "";
        if (!FeedQuery.IsCursor(text)) _faults.Add("after", "must be a cursor that this feed gave.");
        return text;
    }

    /// <summary>How long to wait, in whole seconds; 0 when not said.</summary>
    public int WaitSeconds(int max) => Query("wait") is { } text ? WholeQuery("wait", text, 0, max) : 0;

    /// <summary>The value of a query parameter, or null; it may be there only once.</summary>
    public string? Query(string name)
    {
        if (!call.Http.Request.QueryString.HasValue) return null;
        var values = call.Http.Request.Query[name];
        if (values.Count > 1) _faults.Add(name, "must be there only once.");
        return values.Count == 1 ? values[0] : null;
    }

    /// <summary>
    /// The idempotency key as the grains know it: bound to who calls and for whom, with a fingerprint of method, address and body. Null when
    /// the request has none. Call it after <see cref="ReadBody"/>.
    /// </summary>
    public RequestKey? RequestKey()
    {
        var header = call.Http.Request.Headers[IdempotencyKeyHeader];
        if (header.Count == 0) return null;
        if (!IsIdempotencyKey(header))
        {
            _faults.Add(IdempotencyKeyHeader, $"must be given once, with 1 to {IdempotencyKeyLengthMax} printable ASCII characters.");
            return null;
        }

        var request = call.Http.Request;
        var key = Digest($"{call.Caller.Name}\n{call.ShopperId}\n{header[0]}", default);
        var fingerprint = Digest($"{request.Method}\n{request.Path.Value}\n", _body.Bytes.Span);
        return new RequestKey { Key = key, Fingerprint = fingerprint };
    }

    public void Dispose() => _body.Dispose();

    private static bool IsIdempotencyKey(StringValues header)
        => header.Count == 1 && header[0] is { Length: >= 1 and <= IdempotencyKeyLengthMax } text && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string Digest(string text, ReadOnlySpan<byte> bytes)
    {
        // At once, not piece by piece: what a hash of pieces needs for itself costs more than the copy.
        var length = Encoding.UTF8.GetByteCount(text) + bytes.Length;
        var rented = length > DigestOnStackMax ? ArrayPool<byte>.Shared.Rent(length) : null;
        var all = rented ?? stackalloc byte[DigestOnStackMax];
        bytes.CopyTo(all[Encoding.UTF8.GetBytes(text, all)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all[..length], hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return Base64Url.EncodeToString(hash[..DigestBytes]);
    }

    private int WholeQuery(string name, string text, int min, int max)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        _faults.Add(name, $"must be a whole number from {min} to {max}.");
        return min;
    }
}
