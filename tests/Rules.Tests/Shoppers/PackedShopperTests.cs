using System.Text.Json;

namespace SocialCommerce.Rules.Tests.Shoppers;

public sealed class PackedShopperTests
{
    [Fact]
    public void The_largest_and_the_oddest_come_back_as_they_were()
    {
        var shopper = new ShopperState
        {
            IsNew = false,
            Day = DateOnly.MaxValue,
            HelpsOnDay = int.MaxValue,
            Version = int.MaxValue,
            Helped = [0, 1, ulong.MaxValue],
            Starts = [new StartsInCampaign("", "阿明", int.MaxValue), new StartsInCampaign(new string('长', 300), "é", 0)],
            Units = [new UnitRef("c", "t", ""), new UnitRef("\ud800", "t", "s")],
        };
        var packed = PackedShopper.Pack(shopper, new byte[PackedShopper.MaxBytes(shopper)]);
        // A half of a pair of UTF-16 is no text, and becomes what UTF-8 has for that.
        var expected = shopper with { Units = [shopper.Units[0], new UnitRef("\ufffd", "t", "s")] };
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(PackedShopper.Unpack(packed)));
    }

    [Fact]
    public void A_shopper_of_three_helps_takes_few_bytes()
    {
        var shopper = new ShopperState { IsNew = false, Day = new DateOnly(2026, 11, 28), HelpsOnDay = 3, Version = 3, Helped = [1, 2, 3] };
        Assert.InRange(PackedShopper.Pack(shopper, new byte[PackedShopper.MaxBytes(shopper)]).Length, 24, 40);
    }
}
