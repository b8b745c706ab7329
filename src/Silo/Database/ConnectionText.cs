using Npgsql;

namespace SocialCommerce.Silo;

/// <summary>Looks at connection strings. They hold passwords, and so do the library's own messages about them: nothing of either is ever told.</summary>
internal static class ConnectionText
{
    private const string Form = "Npgsql's form, such as Host=db;Database=shop;Username=shop;Password=…";

    /// <summary>What is wrong with it, to be read after the setting's name; null when nothing is.</summary>
    public static string? FaultOf(string text)
    {
        if (IsUrl(text)) return $"is a URL; it must be of {Form}";
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host)) return "names no Host";
            NpgsqlDataSource.Create(text).Dispose();
            return null;
        }
        // The library has many kinds for one thing: it can't make sense of the text.
        catch (Exception)
        {
            return $"is no good; it must be of {Form}";
        }
    }

    private static bool IsUrl(string text) => text.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && text.IndexOf('=', 0, end) < 0;
}
