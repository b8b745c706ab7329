namespace SocialCommerce.Silo;

/// <summary>Why the process can't start or go on, in one line for whoever started it.</summary>
public sealed class SiloFaultException : Exception
{
    public SiloFaultException() { }
    public SiloFaultException(string message) : base(message) { }
    public SiloFaultException(string message, Exception innerException) : base(message, innerException) { }
}
