namespace SocialCommerce.Rehearsal;

/// <summary>What the caller must put right (an option, a file, an address), said in one line; ends the command with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
