using SocialCommerce.Bench;

try
{
    return await BenchCommand.Run(args, Console.Out);
}
catch (BenchFaultException fault)
{
    await Console.Error.WriteLineAsync($"bench: {fault.Message}");
    return 2;
}
