using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace SocialCommerce.Silo;

/// <summary>Both sides of every connection in the cluster show a certificate that the cluster's own authority signed.</summary>
internal static class ClusterTls
{
    /// <exception cref="SiloFaultException">A file can't be used.</exception>
    public static void Set(TlsOptions options, TlsSettings settings)
    {
        var authority = Load(settings.AuthorityFile, () => X509CertificateLoader.LoadCertificateFromFile(settings.AuthorityFile));
        var own = Load(settings.CertificateFile, () => X509Certificate2.CreateFromPemFile(settings.CertificateFile, settings.KeyFile));
        options.LocalCertificate = own;
        options.LocalClientCertificateSelector = (_, _, _, _, _) => own;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        // By who signed it, not by host name: silos come and go under addresses that no certificate could name.
        options.RemoteCertificateValidation = (certificate, _, _) => IsSignedBy(authority, certificate);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = "silo";
    }

    private static bool IsSignedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 Load(string file, Func<X509Certificate2> load)
    {
        try
        {
            return load();
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SiloFaultException($"{file} can't be used for TLS: {fault.Message}", fault);
        }
    }
}
