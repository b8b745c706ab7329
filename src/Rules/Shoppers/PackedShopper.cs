using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SocialCommerce.Rules;

/// <summary>A shopper's state as a few dozen bytes, for shoppers at rest. In memory alone: nothing is stored like this.</summary>
public static class PackedShopper
{
    /// <summary>As many bytes at most does the state take.</summary>
    public static int MaxBytes(ShopperState shopper)
    {
        // Version, day and helps of the day, and how many there are of each.
        var numbers = 6;
        var texts = 0;
        foreach (var starts in shopper.Starts)
        {
            numbers += 3;
            texts += starts.CampaignId.Length + starts.LastBargainId.Length;
        }

        foreach (var unit in shopper.Units)
        {
            numbers += 3;
            texts += unit.CampaignId.Length + unit.HolderId.Length + unit.SeatId.Length;
        }

        return numbers * VarInt.MaxBytes + shopper.Helped.Length * sizeof(ulong) + texts * PackedText.BytesPerCharMax;
    }

    /// <summary>Packs the state into a buffer of <see cref="MaxBytes"/>.</summary>
    public static ReadOnlySpan<byte> Pack(ShopperState shopper, Span<byte> buffer)
    {
        var rest = buffer;
        VarInt.Write(ref rest, (ulong)shopper.Version << 1 | (shopper.IsNew ? 1UL : 0));
        VarInt.Write(ref rest, (ulong)shopper.Day.DayNumber);
        VarInt.Write(ref rest, (ulong)shopper.HelpsOnDay);
        VarInt.Write(ref rest, (ulong)shopper.Starts.Length);
        foreach (var starts in shopper.Starts)
        {
            PackedText.Write(ref rest, starts.CampaignId);
            PackedText.Write(ref rest, starts.LastBargainId);
            VarInt.Write(ref rest, (ulong)starts.Count);
        }

        VarInt.Write(ref rest, (ulong)shopper.Units.Length);
        foreach (var unit in shopper.Units)
        {
            PackedText.Write(ref rest, unit.CampaignId);
            PackedText.Write(ref rest, unit.HolderId);
            PackedText.Write(ref rest, unit.SeatId);
        }

        VarInt.Write(ref rest, (ulong)shopper.Helped.Length);
        foreach (var mark in shopper.Helped)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, mark);
            rest = rest[sizeof(ulong)..];
        }

        return buffer[..^rest.Length];
    }

    /// <summary>The state that was packed.</summary>
    public static ShopperState Unpack(ReadOnlySpan<byte> packed)
    {
        var version = VarInt.Read(ref packed);
        var day = DateOnly.FromDayNumber((int)VarInt.Read(ref packed));
        var helpsOnDay = (int)VarInt.Read(ref packed);
        var starts = new StartsInCampaign[(int)VarInt.Read(ref packed)];
        for (var i = 0; i < starts.Length; i++) starts[i] = new StartsInCampaign(PackedText.Read(ref packed), PackedText.Read(ref packed), (int)VarInt.Read(ref packed));
        var units = new UnitRef[(int)VarInt.Read(ref packed)];
        for (var i = 0; i < units.Length; i++) units[i] = new UnitRef(PackedText.Read(ref packed), PackedText.Read(ref packed), PackedText.Read(ref packed));
        var helped = new ulong[(int)VarInt.Read(ref packed)];
        for (var i = 0; i < helped.Length; i++) helped[i] = BinaryPrimitives.ReadUInt64LittleEndian(packed[(i * sizeof(ulong))..]);
        return new ShopperState
        {
            Version = (int)(version >> 1),
            IsNew = (version & 1) != 0,
            Day = day,
            HelpsOnDay = helpsOnDay,
            Starts = ImmutableCollectionsMarshal.AsImmutableArray(starts),
            Units = ImmutableCollectionsMarshal.AsImmutableArray(units),
            Helped = ImmutableCollectionsMarshal.AsImmutableArray(helped),
        };
    }
}
