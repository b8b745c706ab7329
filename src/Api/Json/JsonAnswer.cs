using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.Extensions.Primitives;

namespace SocialCommerce.Api;

/// <summary>
/// Writes JSON answers with their length known: serialized into a buffer of the thread, copied once into the response's pipe. Nothing here
/// awaits; the server flushes when the request completes.
/// </summary>
internal static class JsonAnswer
{
    // Room for a team of a thousand seats, or a page of the feed: made anew each time it would be collected with the oldest objects only.
    private const int KeptBufferBytesMax = 512 * 1024;

    // What the server keeps for a connection that is slow to read.
    private const int PieceBytes = 64 * 1024;

    private static readonly StringValues Json = "application/json; charset=utf-8";

    // Titles in Chinese stay readable and short; what HTML gives a meaning to is escaped all the same.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    [ThreadStatic] private static ArrayBufferWriter<byte>? t_buffer;
    [ThreadStatic] private static Utf8JsonWriter? t_writer;

    public static void Write<T>(HttpResponse response, int status, T value, JsonTypeInfo<T> type) => Send(response, status, Serialize(value, type));

    /// <summary>The same for a shape that is written by hand.</summary>
    public static void Write<T>(HttpResponse response, int status, T value, Action<Utf8JsonWriter, T> write) => Send(response, status, Serialize(value, write));

    /// <summary>The same for what was serialized before, and may be many megabytes that many share: no more of it waits in a connection than that takes.</summary>
    public static async Task Write(HttpResponse response, int status, ReadOnlyMemory<byte> json)
    {
        response.StatusCode = status;
        response.Headers.ContentType = Json;
        response.ContentLength = json.Length;
        for (; json.Length > PieceBytes; json = json[PieceBytes..]) await response.Body.WriteAsync(json[..PieceBytes]);
        await response.Body.WriteAsync(json);
    }

    private static void Send(HttpResponse response, int status, ArrayBufferWriter<byte> buffer)
    {
        response.StatusCode = status;
        response.Headers.ContentType = Json;
        WriteBytes(response, buffer.WrittenSpan);
        Release(buffer);
    }

    public static byte[] ToBytes<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = Serialize(value, type);
        var bytes = buffer.WrittenSpan.ToArray();
        Release(buffer);
        return bytes;
    }

    public static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Sets the length and writes the body; status and type are the caller's.</summary>
    public static void WriteBytes(HttpResponse response, ReadOnlySpan<byte> bytes)
    {
        response.ContentLength = bytes.Length;
        response.BodyWriter.Write(bytes);
    }

    private static ArrayBufferWriter<byte> Serialize<T>(T value, JsonTypeInfo<T> type) =>
        Serialize((value, type), static (writer, what) => JsonSerializer.Serialize(writer, what.value, what.type));

    private static ArrayBufferWriter<byte> Serialize<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        // Taken out of the thread's slot while in use, so that a converter that fails half way leaves nothing behind.
        var buffer = t_buffer ?? new ArrayBufferWriter<byte>(1024);
        t_buffer = null;
        var writer = t_writer;
        if (writer is null) t_writer = writer = new Utf8JsonWriter(buffer, WriterOptions);
        else writer.Reset(buffer);
        write(writer, value);
        writer.Flush();
        return buffer;
    }

    private static void Release(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptBufferBytesMax) return;
        buffer.ResetWrittenCount();
        t_buffer = buffer;
    }
}
