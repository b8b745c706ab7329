using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SocialCommerce.Api;

/// <summary>The body of a request: its bytes for the fingerprint, and its one JSON object. Return the buffer by disposing.</summary>
internal struct Body : IDisposable
{
    private byte[]? _buffer;
    private JsonDocument? _document;

    /// <summary>Set when the body can't be looked at at all: too large, or not JSON by its own word.</summary>
    public Problem? Refusal { get; private init; }

    public ReadOnlyMemory<byte> Bytes { get; private init; }

    public readonly JsonElement Root => _document?.RootElement ?? default;

    public static Body Refused(Problem refusal) => new() { Refusal = refusal };

    public static Body Of(byte[] buffer, int length, JsonDocument? document)
        => new() { _buffer = buffer, _document = document, Bytes = buffer.AsMemory(0, length) };

    public void Dispose()
    {
        _document?.Dispose();
        _document = null;
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}

/// <summary>Reads bodies: at most 64 KiB, UTF-8, one JSON object, no member twice, no deeper than 16.</summary>
internal static class BodyReader
{
    public const int BytesMax = 64 * 1024;

    /// <summary>The name under which the body as a whole is at fault.</summary>
    public const string Whole = "body";

    private const int DepthMax = 16;
    private const int QuotedMax = 200;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = DepthMax };

    /// <summary>No body at all is fine: whoever needs a member will miss it.</summary>
    public static ValueTask<Body> Read(HttpContext http, FormFaults faults)
    {
        var length = http.Request.ContentLength;
        if (length == 0 || (length is null && http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)) return default;
        if (length > BytesMax) return new ValueTask<Body>(Body.Refused(Problems.BodyTooLarge));
        if (length > 0 && !IsJson(http.Request.ContentType)) return new ValueTask<Body>(Body.Refused(Problems.NotJson));
        return ReadBytes(http, (int?)length, faults);
    }

    private static async ValueTask<Body> ReadBytes(HttpContext http, int? length, FormFaults faults)
    {
        var pipe = http.Request.BodyReader;
        var buffer = ArrayPool<byte>.Shared.Rent(length ?? 4096);
        var count = 0;
        while (true)
        {
            var read = await ReadChunk(pipe, http.RequestAborted);
            var chunk = read.Buffer;
            if (count + chunk.Length > BytesMax)
            {
                pipe.AdvanceTo(chunk.End);
                ArrayPool<byte>.Shared.Return(buffer);
                return Body.Refused(Problems.BodyTooLarge);
            }

            buffer = Append(buffer, count, chunk);
            count += (int)chunk.Length;
            pipe.AdvanceTo(chunk.End);
            if (read.IsCompleted) break;
        }

        if (count > 0 && !IsJson(http.Request.ContentType))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return Body.Refused(Problems.NotJson);
        }

        return Body.Of(buffer, count, count == 0 ? null : Parse(buffer.AsMemory(0, count), faults));
    }

    private static async ValueTask<ReadResult> ReadChunk(PipeReader pipe, CancellationToken aborted)
    {
        try
        {
            return await pipe.ReadAsync(aborted);
        }
        catch (IOException fault) when (fault is not BadHttpRequestException)
        {
            // Framing that the server could not make sense of is the client's fault, though not all of it is told as such.
            throw new BadHttpRequestException("The body could not be read.", StatusCodes.Status400BadRequest, fault);
        }
    }

    private static byte[] Append(byte[] buffer, int count, ReadOnlySequence<byte> chunk)
    {
        if (buffer.Length < count + chunk.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(BytesMax, Math.Max(count + chunk.Length, buffer.Length * 2L)));
            buffer.AsSpan(0, count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        chunk.CopyTo(buffer.AsSpan(count));
        return buffer;
    }

    private static bool IsJson(string? contentType)
    {
        // By far the most frequent, so it is not taken apart.
        if (contentType is "application/json" or "application/json; charset=utf-8") return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> bytes, FormFaults faults)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            faults.Add(Whole, "must be UTF-8.");
            return null;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            Explain(bytes, faults);
            return null;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        faults.Add(Whole, "must be one JSON object.");
        document.Dispose();
        return null;
    }

    /// <summary>Says why the strict reader refused: not JSON at all, too deep, or a member that is there twice, by its name.</summary>
    private static void Explain(ReadOnlyMemory<byte> bytes, FormFaults faults)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Lenient);
            NameDuplicates(document.RootElement, [], faults);
            if (!faults.Any) faults.Add(Whole, "must name every member in well-formed Unicode, and only once.");
        }
        catch (JsonException fault)
        {
            faults.Add(Whole, $"must be JSON, nested at most {DepthMax} deep; it is at fault in line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            faults.Add(Whole, "must name every member in well-formed Unicode.");
        }
    }

    /// <param name="path">Where the element is. Text is made of it for a fault alone: for every place of a large body that would be a gigabyte.</param>
    private static void NameDuplicates(JsonElement element, List<Step> path, FormFaults faults)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                path.Add(new Step(null, index++));
                NameDuplicates(item, path, faults);
                path.RemoveAt(path.Count - 1);
            }
        }

        if (element.ValueKind != JsonValueKind.Object) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (faults.AreFull) return;
            path.Add(new Step(member.Name, 0));
            if (!seen.Add(member.Name)) faults.Add(TextOf(path), "must be there only once.");
            NameDuplicates(member.Value, path, faults);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static string TextOf(List<Step> path)
    {
        var text = new StringBuilder();
        foreach (var (name, index) in path)
        {
            if (text.Length >= QuotedMax) break;
            if (name is null) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else text.Append(text.Length > 0 ? "." : "").Append(name, 0, Math.Min(name.Length, QuotedMax));
        }

        return text.ToString(0, Math.Min(text.Length, QuotedMax));
    }

    /// <summary>One step down into the body: to a member, or without a name to an element.</summary>
    private readonly record struct Step(string? Name, int Index);
}
