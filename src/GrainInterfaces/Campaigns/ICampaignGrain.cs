using System.Collections.Immutable;
using Orleans.Concurrency;

namespace SocialCommerce.GrainInterfaces;

/// <summary>One campaign; the key is its id (1 to 64 characters <c>A-Z a-z 0-9 . _ : -</c>).</summary>
[Alias("sc.campaign")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the campaign or, when it exists, makes a new version of it. What runs keeps the version it was started under. The same definition again
    /// changes nothing; without a request key a late repeat makes a version that undoes one published since.
    /// </summary>
    [Alias("publish")]
    Task<CampaignReply> Publish(PublishCampaign request);

    /// <summary>Stops starts, cuts and joins, not clocks or payments. May be repeated; without a request key a late repeat undoes a resume since.</summary>
    [Alias("pause")]
    Task<CampaignReply> Pause(CampaignCommand request);

    /// <summary>Ends a pause. May be repeated; without a request key a late repeat undoes a pause since.</summary>
    [Alias("resume")]
    Task<CampaignReply> Resume(CampaignCommand request);

    /// <summary>Stops starts and new teams for good; what runs goes on to its own end. May be repeated.</summary>
    [Alias("close")]
    Task<CampaignReply> Close(CampaignCommand request);

    /// <summary>The campaign with its stock, or null.</summary>
    [Alias("get"), ReadOnly]
    Task<CampaignView?> Get();
}

/// <summary>Why a campaign command was refused, in order of precedence.</summary>
public enum CampaignRefusal
{
    None = 0,
    CampaignNotFound = 1,
    /// <summary>Closed for good.</summary>
    CampaignClosed = 2,
    /// <summary>The definition has faults; all are named.</summary>
    InvalidCampaign = 3,
    /// <summary>A published campaign keeps its kind and its currency.</summary>
    KindIsFixed = 4,
    /// <summary>Stock may not be lowered below what is held and sold.</summary>
    StockBelowCommitted = 5,
    /// <summary>Only a published campaign can be paused or resumed.</summary>
    CampaignNotPublished = 6,
}

/// <summary>Publishes a definition.</summary>
[GenerateSerializer, Immutable, Alias("sc.publish-campaign")]
public sealed record PublishCampaign
{
    [Id(0)] public required CampaignDefinition Definition { get; init; }

    /// <summary>Keep it as a draft: visible to operators, nothing can be started.</summary>
    [Id(1)] public bool Draft { get; init; }

    /// <summary>Faults that the caller has already found in the form; reported together with the rules' own.</summary>
    [Id(2)] public ImmutableArray<Fault> FormFaults { get; init; } = [];

    [Id(3)] public RequestKey? RequestKey { get; init; }
}

/// <summary>Pause, resume or close.</summary>
[GenerateSerializer, Immutable, Alias("sc.campaign-command")]
public sealed record CampaignCommand
{
    [Id(0)] public RequestKey? RequestKey { get; init; }
}

/// <summary>The answer to a campaign command.</summary>
[GenerateSerializer, Immutable, Alias("sc.campaign-reply")]
public sealed record CampaignReply
{
    [Id(0)] public Outcome Outcome { get; init; }
    [Id(1)] public CampaignRefusal Refusal { get; init; }
    [Id(2)] public ImmutableArray<Fault> Faults { get; init; } = [];
    [Id(3)] public CampaignView? Campaign { get; init; }

    /// <summary>True when this very request brought the campaign into being.</summary>
    [Id(4)] public bool Created { get; init; }
}

/// <summary>A campaign's stock: free + held + sold = total, at every moment.</summary>
[GenerateSerializer, Immutable, Alias("sc.stock-view")]
public sealed record StockView
{
    [Id(0)] public int Total { get; init; }
    [Id(1)] public int Held { get; init; }
    [Id(2)] public int Sold { get; init; }
    [Id(3)] public int Free { get; init; }
}

/// <summary>A campaign as it is.</summary>
[GenerateSerializer, Immutable, Alias("sc.campaign-view")]
public sealed record CampaignView
{
    [Id(0)] public required string CampaignId { get; init; }
    [Id(1)] public CampaignStatus Status { get; init; }
    /// <summary>How many events the campaign has.</summary>
    [Id(2)] public int Version { get; init; }
    /// <summary>The number of its definition; 1 for the first.</summary>
    [Id(3)] public int DefinitionVersion { get; init; }
    /// <summary>The definition with every default filled in.</summary>
    [Id(4)] public required CampaignDefinition Definition { get; init; }
    [Id(5)] public StockView Stock { get; init; } = new();
}
