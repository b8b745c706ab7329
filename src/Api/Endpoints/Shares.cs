namespace SocialCommerce.Api;

/// <summary>Asks for a share link.</summary>
internal sealed record ShareBody
{
    public const string Example = """{"channel":"wechat"}""";

    private const int ChannelLengthMax = 32;

    /// <summary>Through which channel the link goes; 1 to 32 characters.</summary>
    public string? Channel { get; init; }

    /// <summary>The token by which the inviter came, so that the depth goes on from there.</summary>
    public string? Via { get; init; }

    public static ShareRequest Read(RequestForm form, Call call) => new()
    {
        ShopperId = call.ShopperId!,
        Channel = form.Body.Text("channel", ChannelLengthMax) ?? "",
        Via = form.Via(),
        RequestKey = form.RequestKey(),
    };
}

/// <summary>Answers with share links.</summary>
internal static class Shares
{
    public static void AnswerShare(this Call call, ShareReply reply, string path)
    {
        var url = reply.Token.Length == 0 ? "" : $"{BaseUrl(call)}{path}?via={Uri.EscapeDataString(reply.Token)}";
        call.Answer(reply.Outcome, Problems.Of(reply.Refusal), new ShareAnswer(reply.Token, url), ApiJson.Default.ShareAnswer, StatusCodes.Status200OK);
    }

    private static string BaseUrl(Call call) => call.Parts.Options.PublicBaseUrl ?? $"{call.Http.Request.Scheme}://{call.Http.Request.Host}";
}
