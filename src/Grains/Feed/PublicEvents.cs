using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SocialCommerce.GrainInterfaces;
using SocialCommerce.Journal;

namespace SocialCommerce.Grains;

/// <summary>Which stored events the shop's other systems may see, and how.</summary>
internal static class PublicEvents
{
    private static readonly Dictionary<short, string> Types = new()
    {
        [11] = "campaign.published",
        [12] = "campaign.paused",
        [13] = "campaign.resumed",
        [14] = "campaign.closed",
        [100] = "bargain.started",
        [101] = "bargain.cut",
        [102] = "bargain.won",
        [103] = "bargain.claimed",
        [104] = "bargain.lapsed",
        [105] = "bargain.expired",
        [106] = "bargain.soldOut",
        [107] = "bargain.cancelled",
        [200] = "team.opened",
        [201] = "seat.held",
        [202] = "seat.paid",
        [203] = "seat.released",
        [204] = "seat.left",
        [205] = "team.leaderChanged",
        [206] = "team.formed",
        [207] = "team.failed",
        [208] = "seat.confirmed",
        [209] = "refund.requested",
        [210] = "refund.confirmed",
        [250] = "purchase.held",
        [251] = "purchase.paid",
        [252] = "purchase.released",
        [253] = "refund.requested",
        [254] = "refund.confirmed",
    };

    /// <summary>Members that stay inside: the seed is shown when the bargain ends, by its fairness answer.</summary>
    private static readonly HashSet<string> Secret = ["seed"];

    /// <summary>Members that are given on the envelope.</summary>
    private static readonly HashSet<string> Envelope = ["at", "campaignId"];

    public static IReadOnlySet<short> Kinds { get; } = Types.Keys.ToHashSet();

    public static string TypeOf(short kind) => Types[kind];

    /// <summary>The id is the subject's and its version: the same however often it is reported.</summary>
    public static PublicEvent Of(FeedEvent stored)
    {
        var subjectId = stored.Stream[(stored.Stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        using var payload = JsonDocument.Parse(stored.Payload);
        var root = payload.RootElement;
        return new PublicEvent
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{subjectId}:{stored.Version}"),
            Type = Types[stored.Kind],
            OccurredAt = root.GetProperty("at").GetDateTimeOffset(),
            CampaignId = root.GetProperty("campaignId").GetString()!,
            SubjectId = subjectId,
            Version = stored.Version,
            Data = DataOf(root),
        };
    }

    private static string DataOf(JsonElement root)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                if (!Secret.Contains(member.Name) && !Envelope.Contains(member.Name)) member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
