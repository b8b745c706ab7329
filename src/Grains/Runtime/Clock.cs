namespace SocialCommerce.Grains;

/// <summary>The key of the <see cref="TimeProvider"/> that the rules' time is read from, once per command.</summary>
public static class Clock
{
    public const string Domain = "domain";
}
