using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SocialCommerce.Api;

/// <summary>Pages for people: a shared bargain or team, and the reader of the API's description. Each is one file with its script and style in it.</summary>
internal static partial class PageEndpoints
{
    public const string BargainPath = "/b/";
    public const string TeamPath = "/t/";
    public const string DocsPath = "/docs";

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        MapPage(routes, BargainPath + "{bargainId}", "bargain.html");
        MapPage(routes, TeamPath + "{teamId}", "team.html");
        MapPage(routes, DocsPath, "docs.html");
        routes.MapMethods("/", [HttpMethods.Get], static http =>
        {
            http.Response.Redirect(DocsPath);
            return Task.CompletedTask;
        }).ExcludeFromDescription();
    }

    /// <summary>A page whose file is not in this build answers as if it were not there.</summary>
    private static void MapPage(IEndpointRouteBuilder routes, string pattern, string file)
    {
        if (Page.Load(file) is not { } page) return;
        routes.MapMethods(pattern, [HttpMethods.Get], http =>
        {
            // Every id of a page is checked like the ids of the API; a page of nothing would only fail later.
            foreach (var (_, value) in http.Request.RouteValues)
                if (value is string id && !Ids.IsId(id))
                {
                    ProblemWriter.Write(http.Response, Problems.NotFound);
                    return Task.CompletedTask;
                }

            var headers = http.Response.Headers;
            headers.ContentType = "text/html; charset=utf-8";
            headers.ContentSecurityPolicy = page.Policy;

            // Tokens travel in the address: it must not leak to where a page links to.
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache";
            JsonAnswer.WriteBytes(http.Response, page.Html);
            return Task.CompletedTask;
        }).ExcludeFromDescription();
    }

    private sealed partial record Page(byte[] Html, string Policy)
    {
        public static Page? Load(string file)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Pages/" + file);
            if (stream is null) return null;
            var html = new byte[stream.Length];
            stream.ReadExactly(html);
            return new Page(html, PolicyOf(Encoding.UTF8.GetString(html)));
        }

        /// <summary>Runs the very scripts and styles that are in the file and no others; talks to this server only.</summary>
        private static string PolicyOf(string html)
            => $"default-src 'none'; script-src {Hashes(Scripts(), html)}; style-src {Hashes(Styles(), html)}; connect-src 'self'; img-src 'self' https: data:; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

        private static string Hashes(Regex inline, string html)
        {
            var hashes = inline.Matches(html)
                .Select(match => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(NormalizeNewlines(match.Groups[1].Value))))}'")
                .ToList();
            return hashes.Count == 0 ? "'none'" : string.Join(' ', hashes);
        }

        // The browser hashes what its parser made of the file, which has no carriage returns.
        private static string NormalizeNewlines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

        [GeneratedRegex("<script[^>]*>(.*?)</script>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
        private static partial Regex Scripts();

        [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
        private static partial Regex Styles();
    }
}
