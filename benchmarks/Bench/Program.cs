using SocialCommerce.Bench;

// The servers that are measured are this program, too, in processes of their own; nobody but the benchmark starts those modes.
try
{
    return args switch
    {
        ["host", .. var rest] => await EngineHost.Run(Named(rest)),
        ["baseline", "--how", "o", .. var rest] => await OrleansBaseline.Run(Named(rest)),
        ["baseline", .. var rest] => await BaselineHost.Run(Named(rest)),
        _ => await BenchCommand.Run(args, Console.Out),
    };
}
catch (BenchFaultException fault)
{
    await Console.Error.WriteLineAsync($"bench: {fault.Message}");
    return 2;
}

static Dictionary<string, string> Named(string[] args) => args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
