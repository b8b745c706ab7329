namespace SocialCommerce.GrainInterfaces;

/// <summary>The store can't be written or read now. Repeat with the same key: what was done is not done again.</summary>
[GenerateSerializer, Alias("sc.store-unavailable")]
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException() { }
    public StoreUnavailableException(string message) : base(message) { }
    public StoreUnavailableException(string message, Exception? innerException) : base(message, innerException) { }

    public StoreUnavailableException(string message, bool outcomeUnknown) : base(message) => OutcomeUnknown = outcomeUnknown;

    /// <summary>True when the request may have been carried out all the same; false when nothing happened.</summary>
    [Id(0)] public bool OutcomeUnknown { get; private set; }
}
