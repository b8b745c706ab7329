using System.Text.Json.Serialization;

namespace SocialCommerce.Grains;

/// <summary>The copies of pictures.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, CampaignTally>))]
internal sealed partial class PictureJson : JsonSerializerContext;
