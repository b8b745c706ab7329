using SocialCommerce.Journal;
using SocialCommerce.Rehearsal;
using SocialCommerce.Silo;

const string usage = """
    socialcommerce [serve] [--port N] [--data DIR] [--postgres CONNECTION] [--no-demo]
                                                     the engine in one process, on loopback; --no-demo publishes nothing
    socialcommerce silo [--port N] [--silo-port N] [--gateway-port N] [--no-api] [--demo]
                                                     one silo of a cluster on PostgreSQL, with the API
    socialcommerce api [--port N]                    the API alone, as a client of a cluster
    socialcommerce db migrate|check [--connection CONNECTION] [--deadline-shards N]
                                                     makes or checks the cluster's database; its shards (8) stay for ever
    socialcommerce rehearse [...]                    plays a campaign against a running engine (--help)
    socialcommerce verify FILE|URL [--key KEY]       recomputes every cut of an ended bargain from its fairness answer
    """;

try
{
    var command = args.FirstOrDefault(arg => !arg.StartsWith('-')) == args.FirstOrDefault() ? args.FirstOrDefault() : null;
    var rest = command is null ? args : args[1..];
    switch (command)
    {
        case "rehearse":
            using (var stop = new CancellationTokenSource())
            {
                Console.CancelKeyPress += (_, press) =>
                {
                    press.Cancel = true;
                    stop.Cancel();
                };
                return await RehearsalCommand.Run(rest, Console.Out, stop.Token);
            }

        case "silo":
            return await SiloCommand.Run(rest);
        case "api":
            return await ApiCommand.Run(rest);
        case "db":
            return await DbCommand.Run(rest, Console.Out);
        case "verify":
            return await VerifyCommand.Run(rest, Console.Out);
        case null when rest is ["--help" or "-h"]:
        case "help":
            Console.WriteLine(usage);
            return 0;
        case null or "serve":
            return await ServeCommand.Run(rest);
        default:
            throw new SiloFaultException($"there is no command {command}; see --help");
    }
}
catch (Exception fault) when (Faults.InOneLine(fault) is { } line)
{
    await Console.Error.WriteLineAsync($"socialcommerce: {line}");
    return 1;
}
