namespace SocialCommerce.Silo;

/// <summary>
/// Calls to grains before the process is ready. A machine that stands still for as long as an answer may take, as one may that starts many
/// processes, is no reason to end this one.
/// </summary>
internal static class AtStart
{
    private const int TriesMost = 5;

    /// <summary>Makes a call that may be repeated, until it is answered in time.</summary>
    /// <exception cref="TimeoutException">It was not, five times in a row.</exception>
    public static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (TimeoutException) when (tries < TriesMost)
            {
                // What it did all the same comes back as a repeat.
            }
        }
    }

    /// <inheritdoc cref="Ask{T}"/>
    public static Task Ask(Func<Task> ask) => Ask(async () =>
    {
        await ask();
        return true;
    });
}
