using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Orleans.Connections.Security;

namespace SocialCommerce.Integrator;

/// <summary>Where silos and clients prove to one another that they belong to the cluster: by certificates of the cluster's own authority.</summary>
internal static class ClusterTls
{
    /// <summary>The client shows its certificate and talks to silos of the same authority alone; without the files, in the clear.</summary>
    /// <param name="tls">The section <c>Cluster:Tls</c>: CertificateFile, KeyFile and AuthorityFile, all PEM.</param>
    /// <exception cref="SampleException">A file is missing or can't be used.</exception>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, IConfigurationSection tls)
    {
        if (!tls.GetChildren().Any()) return client;
        var authority = Load(tls, "AuthorityFile", X509CertificateLoader.LoadCertificateFromFile);
        var own = Load(tls, "CertificateFile", file => X509Certificate2.CreateFromPemFile(file, tls["KeyFile"]));
        return client.UseTls(options =>
        {
            options.LocalCertificate = own;
            options.LocalClientCertificateSelector = (_, _, _, _, _) => own;
            options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
            // By who signed it: silos come and go under addresses that no certificate could name.
            options.RemoteCertificateValidation = (certificate, _, _) => IsSignedBy(authority, certificate);
            options.OnAuthenticateAsClient = (_, silo) => silo.TargetHost = "silo";
        });
    }

    private static bool IsSignedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 Load(IConfigurationSection tls, string name, Func<string, X509Certificate2> load)
    {
        try
        {
            return load(tls[name] ?? throw new SampleException($"{tls.Path}:{name} is missing", exitCode: 2));
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SampleException($"{tls.Path}:{name} can't be used: {SampleException.InOneLine(fault)}", exitCode: 2, fault);
        }
    }
}
