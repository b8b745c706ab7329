namespace SocialCommerce.Api;

/// <summary>The shop reports a payment.</summary>
internal sealed record PaymentBody
{
    public const string Example = """{"paymentId":"pay-20260301-0001","amountFen":6900}""";

    /// <summary>The longest payment or refund id.</summary>
    public const int IdLengthMax = 64;

    /// <summary>The shop's id of the payment, 1 to 64 characters; the same one counts once.</summary>
    public required string PaymentId { get; init; }

    /// <summary>Whole minor units.</summary>
    public required long AmountFen { get; init; }

    /// <param name="seatId">Empty for a purchase.</param>
    public static Payment Read(RequestForm form, string seatId)
    {
        var body = form.Body;
        var paymentId = body.Text("paymentId", IdLengthMax);
        var amountFen = body.Whole("amountFen", min: 0);
        body.Require("paymentId", paymentId);
        body.Require("amountFen", amountFen);
        return new Payment { SeatId = seatId, PaymentId = paymentId ?? "", AmountFen = amountFen ?? 0, RequestKey = form.RequestKey() };
    }
}

/// <summary>The shop confirms a refund.</summary>
internal sealed record RefundBody
{
    public const string Example = """{"refundId":"ref-20260301-0001"}""";

    /// <summary>The shop's id of the refund, 1 to 64 characters.</summary>
    public required string RefundId { get; init; }

    /// <param name="seatId">Empty for a purchase.</param>
    public static RefundConfirmation Read(RequestForm form, string seatId)
    {
        var refundId = form.Body.Text("refundId", PaymentBody.IdLengthMax);
        form.Body.Require("refundId", refundId);
        return new RefundConfirmation { SeatId = seatId, RefundId = refundId ?? "", RequestKey = form.RequestKey() };
    }
}
