using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocialCommerce.Grains;

/// <summary>
/// How many names there were, each counted once. Kept are 64 bits of each one's SHA-256: of a million names two share them in one case out of thirty
/// millions. A million inviters as texts would be as many objects, and a copy of the figures many megabytes.
/// </summary>
[JsonConverter(typeof(Json))]
internal sealed class DistinctNames
{
    private readonly HashSet<long> _hashes;

    public DistinctNames() => _hashes = [];

    private DistinctNames(HashSet<long> hashes) => _hashes = hashes;

    public int Count => _hashes.Count;

    public void Add(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        _hashes.Add(BinaryPrimitives.ReadInt64LittleEndian(hash));
    }

    internal sealed class Json : JsonConverter<DistinctNames>
    {
        public override DistinctNames Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var bytes = reader.GetBytesFromBase64();
            var hashes = new HashSet<long>(bytes.Length / sizeof(long));
            for (var at = 0; at < bytes.Length; at += sizeof(long)) hashes.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)));
            return new DistinctNames(hashes);
        }

        public override void Write(Utf8JsonWriter writer, DistinctNames value, JsonSerializerOptions options)
        {
            var bytes = new byte[value.Count * sizeof(long)];
            var at = 0;
            foreach (var hash in value._hashes)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), hash);
                at += sizeof(long);
            }

            writer.WriteBase64StringValue(bytes);
        }
    }
}
