using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SocialCommerce.GrainInterfaces;

namespace SocialCommerce.Grains;

/// <summary>How one type of reply is kept under a request key and given again.</summary>
internal sealed record ReplyCodec<TReply>(JsonTypeInfo<TReply> Type, Func<TReply, Outcome> OutcomeOf, Func<TReply, TReply> AsRepeat, TReply KeyReused)
{
    public byte[] Encode(TReply reply) => JsonSerializer.SerializeToUtf8Bytes(reply, Type);

    public TReply Decode(ReadOnlyMemory<byte> answer) => AsRepeat(JsonSerializer.Deserialize(answer.Span, Type)!);
}

internal static class ReplyCodecs
{
    public static readonly ReplyCodec<CampaignReply> Campaign = new(ReplyJson.Default.CampaignReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated, Created = false }, new CampaignReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<StartReply> Start = new(ReplyJson.Default.StartReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new StartReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<CutReply> Cut = new(ReplyJson.Default.CutReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new CutReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<ClaimReply> Claim = new(ReplyJson.Default.ClaimReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new ClaimReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<BargainReply> Bargain = new(ReplyJson.Default.BargainReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new BargainReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<TeamReply> Team = new(ReplyJson.Default.TeamReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new TeamReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<SeatReply> Seat = new(ReplyJson.Default.SeatReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new SeatReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<SeatChangeReply> SeatChange = new(ReplyJson.Default.SeatChangeReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new SeatChangeReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<PurchaseReply> Purchase = new(ReplyJson.Default.PurchaseReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new PurchaseReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<PurchaseChangeReply> PurchaseChange = new(ReplyJson.Default.PurchaseChangeReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new PurchaseChangeReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<ShareReply> Share = new(ReplyJson.Default.ShareReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new ShareReply { Outcome = Outcome.KeyReused });

    public static readonly ReplyCodec<DeclareReply> Declare = new(ReplyJson.Default.DeclareReply, reply => reply.Outcome,
        reply => reply with { Outcome = Outcome.Repeated }, new DeclareReply { Outcome = Outcome.KeyReused });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CampaignReply))]
[JsonSerializable(typeof(StartReply))]
[JsonSerializable(typeof(CutReply))]
[JsonSerializable(typeof(ClaimReply))]
[JsonSerializable(typeof(BargainReply))]
[JsonSerializable(typeof(TeamReply))]
[JsonSerializable(typeof(SeatReply))]
[JsonSerializable(typeof(SeatChangeReply))]
[JsonSerializable(typeof(PurchaseReply))]
[JsonSerializable(typeof(PurchaseChangeReply))]
[JsonSerializable(typeof(ShareReply))]
[JsonSerializable(typeof(DeclareReply))]
internal sealed partial class ReplyJson : JsonSerializerContext;
