namespace SocialCommerce.Silo;

/// <summary>The engine in one process: grains, journal in one SQLite file or in PostgreSQL, API and pages.</summary>
internal static class ServeCommand
{
    private const string Usage = "socialcommerce serve [--port N] [--data DIR] [--postgres CONNECTION] [--no-demo]";

    public static async Task<int> Run(string[] args)
    {
        var arguments = new Arguments(args, ["--port", "--data", "--postgres"], ["--no-demo"]);
        var port = arguments.Whole("--port", 1, 65_535);
        arguments.ThrowIfFaulty(Usage);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var settings = LocalSettings.From(builder.Configuration, port, arguments.Text("--data"), arguments.Text("--postgres"), demo: !arguments.Has("--no-demo"));
        var app = LocalSilo.Build(builder, settings);
        await AtStart.Serve(app, () => LocalSilo.Serve(app, settings, Console.Out));
        return 0;
    }
}
