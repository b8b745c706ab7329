namespace SocialCommerce.Bench;

/// <summary>Why a measurement can't be made, in one line.</summary>
public sealed class BenchFaultException : Exception
{
    public BenchFaultException() { }
    public BenchFaultException(string message) : base(message) { }
    public BenchFaultException(string message, Exception innerException) : base(message, innerException) { }
}
