namespace SocialCommerce.GrainInterfaces;

/// <summary>More is asked than can be served now; nothing happened. Repeat a little later, with the same key.</summary>
[GenerateSerializer, Alias("sc.overloaded")]
public sealed class OverloadedException : Exception
{
    public OverloadedException() { }
    public OverloadedException(string message) : base(message) { }
    public OverloadedException(string message, Exception? innerException) : base(message, innerException) { }
}
