namespace SocialCommerce.Rules.Tests.Properties;

/// <summary>One move of a random play. Plain numbers, so that a failing play shrinks; each aggregate reads them as one of its commands.</summary>
/// <param name="Kind">Which command, 0 to 99.</param>
/// <param name="Who">Which shopper, 0 to 7.</param>
/// <param name="What">Everything else, 0 to 9,999.</param>
/// <param name="Seconds">Time that passes before it.</param>
public sealed record Step(int Kind, int Who, int What, int Seconds);
