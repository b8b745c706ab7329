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

    /// <summary>A member that stays inside: the seed is shown when the bargain ends, by its fairness answer.</summary>
    private static ReadOnlySpan<byte> Secret => "seed"u8;

    public static IReadOnlySet<short> Kinds { get; } = Types.Keys.ToHashSet();

    public static string TypeOf(short kind) => Types[kind];

    /// <summary>The id is the subject's and its version: the same however often it is reported.</summary>
    public static PublicEvent Of(FeedEvent stored)
    {
        var subjectId = stored.Stream[(stored.Stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var (occurredAt, campaignId, data) = Open(stored.Payload.Span);
        return new PublicEvent
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{subjectId}:{stored.Version}"),
            Type = Types[stored.Kind],
            OccurredAt = occurredAt,
            CampaignId = campaignId,
            SubjectId = subjectId,
            Version = stored.Version,
            Data = data,
        };
    }

    // The members of its own go out by their bytes: consumers read all that a launch brings, while it brings it.
    private static (DateTimeOffset OccurredAt, string CampaignId, string Data) Open(ReadOnlySpan<byte> payload)
    {
        DateTimeOffset? occurredAt = null;
        string? campaignId = null;
        var data = new ArrayBufferWriter<byte>(payload.Length + 1);
        data.Write("{"u8);
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = (int)reader.TokenStartIndex;
            var (isTime, isCampaign, isSecret) = (reader.ValueTextEquals("at"u8), reader.ValueTextEquals("campaignId"u8), reader.ValueTextEquals(Secret));
            reader.Read();
            if (isTime) occurredAt = reader.GetDateTimeOffset();
            else if (isCampaign) campaignId = reader.GetString();
            else reader.Skip();
            if (isTime || isCampaign || isSecret) continue;
            if (data.WrittenCount > 1) data.Write(","u8);
            data.Write(payload[member..(int)reader.BytesConsumed]);
        }

        data.Write("}"u8);
        return (
            occurredAt ?? throw new JsonException("An event does not say when it happened."),
            campaignId ?? throw new JsonException("An event does not name its campaign."),
            Encoding.UTF8.GetString(data.WrittenSpan));
    }
}
