namespace Orleans.Runtime;

/// <summary>A fault that the engine, not the grain, found.</summary>
public class OrleansException : Exception
{
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    public OrleansException(string message)
        : base(message)
    {
    }

    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The silo is set up wrongly; the message says what to change.</summary>
public sealed class OrleansConfigurationException(string message) : Exception(message);

/// <summary>A request was turned away before it ran.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }
}

/// <summary>The silo has not started yet, or is stopping.</summary>
public sealed class SiloUnavailableException(string message) : OrleansMessageRejectionException(message);
