using System.Text.Json;

namespace SocialCommerce.Api;

/// <summary>
/// The answer to a help, as <see cref="ApiJson"/> writes it, by hand: it is the answer of a launch, and the serializer makes a stack for every
/// object that has another one in it.
/// </summary>
internal static class CutReceiptJson
{
    private static readonly JsonEncodedText BargainId = JsonEncodedText.Encode("bargainId");
    private static readonly JsonEncodedText HelperId = JsonEncodedText.Encode("helperId");
    private static readonly JsonEncodedText CutNumber = JsonEncodedText.Encode("cutNumber");
    private static readonly JsonEncodedText CutFen = JsonEncodedText.Encode("cutFen");
    private static readonly JsonEncodedText PriceFen = JsonEncodedText.Encode("priceFen");
    private static readonly JsonEncodedText RemainingFen = JsonEncodedText.Encode("remainingFen");
    private static readonly JsonEncodedText CutsNeeded = JsonEncodedText.Encode("cutsNeeded");
    private static readonly JsonEncodedText Least = JsonEncodedText.Encode("least");
    private static readonly JsonEncodedText Most = JsonEncodedText.Encode("most");
    private static readonly JsonEncodedText NewShopper = JsonEncodedText.Encode("newShopper");
    private static readonly JsonEncodedText Depth = JsonEncodedText.Encode("depth");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText BargainStatus = JsonEncodedText.Encode("bargainStatus");
    private static readonly JsonEncodedText HelpsToday = JsonEncodedText.Encode("helpsToday");
    private static readonly JsonEncodedText Used = JsonEncodedText.Encode("used");
    private static readonly JsonEncodedText Limit = JsonEncodedText.Encode("limit");
    private static readonly JsonEncodedText ResetsAt = JsonEncodedText.Encode("resetsAt");

    private static readonly JsonEncodedText[] Statuses =
        [.. Enum.GetValues<BargainStatus>().Order().Select(status => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(status.ToString())))];

    public static void Write(Utf8JsonWriter json, CutReceipt receipt)
    {
        json.WriteStartObject();
        json.WriteString(BargainId, receipt.BargainId);
        json.WriteString(HelperId, receipt.HelperId);
        json.WriteNumber(CutNumber, receipt.CutNumber);
        json.WriteNumber(CutFen, receipt.CutFen);
        json.WriteNumber(PriceFen, receipt.PriceFen);
        json.WriteNumber(RemainingFen, receipt.RemainingFen);
        json.WriteStartObject(CutsNeeded);
        json.WriteNumber(Least, receipt.CutsNeeded.Least);
        json.WriteNumber(Most, receipt.CutsNeeded.Most);
        json.WriteEndObject();
        json.WriteBoolean(NewShopper, receipt.NewShopper);
        json.WriteNumber(Depth, receipt.Depth);
        json.WritePropertyName(At);
        UtcInstantConverter.Write(json, receipt.At);
        json.WriteString(BargainStatus, Statuses[(int)receipt.BargainStatus]);
        if (receipt.HelpsToday is { } today)
        {
            json.WriteStartObject(HelpsToday);
            json.WriteNumber(Used, today.Used);
            json.WriteNumber(Limit, today.Limit);
            json.WritePropertyName(ResetsAt);
            UtcInstantConverter.Write(json, today.ResetsAt);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
