using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace SocialCommerce.Api;

/// <summary>
/// Reads the section <c>Api</c> and collects every fault at once. By hand, since the configuration binder stops at the first value that
/// it can't convert and keeps silent about a misspelt name.
/// </summary>
internal sealed class ApiOptionsReader(bool development)
{
    /// <summary>SHA-256 of <c>dev</c>, the key that everybody knows.</summary>
    public static readonly byte[] DevKeySha256 = SHA256.HashData("dev"u8);

    private const int SymmetricKeyBytesMin = 32;

    private readonly List<string> _faults = [];

    /// <exception cref="ConfigurationFaultsException">Names every fault.</exception>
    public static ApiOptions Read(IConfiguration configuration, bool development)
    {
        var reader = new ApiOptionsReader(development);
        var options = reader.Read(configuration.GetSection("Api"));
        return reader._faults.Count == 0 ? options : throw new ConfigurationFaultsException(reader._faults);
    }

    private ApiOptions Read(IConfigurationSection api)
    {
        NameStrangers(api, "Keys", "Jwt", "PublicBaseUrl", "OpsPort", "RateLimit", "LiveConnectionsMax", "LivePerShopperMax", "LiveEventsPerSecondMax");
        var faultsBefore = _faults.Count;
        var keys = ReadKeys(api.GetSection("Keys"));
        var jwt = ReadJwt(api.GetSection("Jwt"));
        if (!development && keys.Count == 0 && jwt is null && _faults.Count == faultsBefore)
            _faults.Add("Api:Keys and Api:Jwt are both missing: outside of the Development environment at least one must be given, or nobody could call.");

        return new ApiOptions
        {
            Development = development,
            Keys = keys,
            Jwt = jwt,
            PublicBaseUrl = ReadBaseUrl(api),
            OpsPort = ReadWhole(api, "OpsPort", 1, 65_535),
            RateLimit = ReadRate(api.GetSection("RateLimit")),
            LiveConnectionsMax = ReadWhole(api, "LiveConnectionsMax", 0, 1_000_000) ?? 20_000,
            LivePerShopperMax = ReadWhole(api, "LivePerShopperMax", 1, 1_000_000) ?? 20,
            LiveEventsPerSecondMax = ReadWhole(api, "LiveEventsPerSecondMax", 100, 10_000_000) ?? 10_000,
        };
    }

    private List<ApiKeyEntry> ReadKeys(IConfigurationSection section)
    {
        var keys = new List<ApiKeyEntry>();
        foreach (var entry in section.GetChildren())
        {
            NameStrangers(entry, "Name", "Sha256", "Scopes");
            var name = entry["Name"];
            if (!Ids.IsId(name)) _faults.Add($"{entry.Path}:Name must have {Ids.InWords}.");
            else if (keys.Exists(key => key.Name == name)) _faults.Add($"{entry.Path}:Name '{name}' is used by another key.");

            var hash = ReadHash(entry);
            if (hash.Length > 0 && keys.Exists(key => key.Sha256.AsSpan().SequenceEqual(hash)))
                _faults.Add($"{entry.Path}:Sha256 is the hash of another key too.");
            keys.Add(new ApiKeyEntry(name ?? "", hash, ReadScopes(entry.GetSection("Scopes"))));
        }

        return keys;
    }

    private byte[] ReadHash(IConfigurationSection entry)
    {
        var text = entry["Sha256"] ?? "";
        if (text.Length != 64 || !text.All(char.IsAsciiHexDigit))
        {
            _faults.Add($"{entry.Path}:Sha256 must be the SHA-256 of the key as 64 hexadecimal digits.");
            return [];
        }

        var hash = Convert.FromHexString(text);
        if (!development && hash.AsSpan().SequenceEqual(DevKeySha256))
            _faults.Add($"{entry.Path}:Sha256 is the hash of 'dev', a key that everybody knows; it is taken in the Development environment only.");
        return hash;
    }

    private Scopes ReadScopes(IConfigurationSection section)
    {
        var scopes = Scopes.None;
        var sound = true;
        foreach (var child in section.GetChildren())
        {
            var scope = child.Value?.ToUpperInvariant() switch
            {
                "SHOPPER" => Scopes.Shopper,
                "OPERATOR" => Scopes.Operator,
                "PAYMENTS" => Scopes.Payments,
                _ => Scopes.None,
            };
            sound &= scope != Scopes.None;
            if (scope == Scopes.None) _faults.Add($"{child.Path} must be shopper, operator or payments, not '{child.Value}'.");
            scopes |= scope;
        }

        if (sound && scopes == Scopes.None) _faults.Add($"{section.Path} must list at least one of shopper, operator, payments.");
        return scopes;
    }

    private JwtOptions? ReadJwt(IConfigurationSection section)
    {
        if (!section.Exists()) return null;
        NameStrangers(section, "Issuer", "Audience", "Jwks", "JwksFile", "SymmetricKey", "ClockSkewSeconds");
        foreach (var name in (string[])["Issuer", "Audience"])
            if (string.IsNullOrWhiteSpace(section[name])) _faults.Add($"{section.Path}:{name} is required.");

        var faultsBefore = _faults.Count;
        var keys = new List<SecurityKey>();
        if (section["Jwks"] is { } jwks) AddKeySet(keys, section.Path + ":Jwks", jwks);
        if (section["JwksFile"] is { } file) AddKeySetFile(keys, section.Path + ":JwksFile", file);
        if (section["SymmetricKey"] is { } symmetric) AddSymmetric(keys, section.Path + ":SymmetricKey", symmetric);
        if (keys.Count == 0 && _faults.Count == faultsBefore) _faults.Add($"{section.Path} must have Jwks, JwksFile or SymmetricKey.");
        return new JwtOptions
        {
            Issuer = section["Issuer"] ?? "",
            Audience = section["Audience"] ?? "",
            Keys = keys,
            ClockSkew = TimeSpan.FromSeconds(ReadWhole(section, "ClockSkewSeconds", 0, 300) ?? 5),
        };
    }

    private void AddKeySetFile(List<SecurityKey> keys, string name, string file)
    {
        try
        {
            AddKeySet(keys, name, File.ReadAllText(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _faults.Add($"{name}: {fault.Message}");
        }
    }

    private void AddKeySet(List<SecurityKey> keys, string name, string json)
    {
        try
        {
            var set = new JsonWebKeySet(json);
            foreach (var key in set.Keys)
            {
                // A symmetric key in a public set would be a secret that everybody has.
                if (key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve))
                    _faults.Add($"{name}: the key '{key.KeyId}' must be RSA or EC, not '{key.Kty}'.");
                else if (!CanBeImported(key)) _faults.Add($"{name}: the key '{key.KeyId}' can't be imported.");
                else if (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize < 2048)
                    _faults.Add($"{name}: the RSA key '{key.KeyId}' must have at least 2,048 bits.");
                else keys.Add(key);
            }

            if (set.Keys.Count == 0) _faults.Add($"{name} has no keys.");
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            _faults.Add($"{name} is not a JSON Web Key Set.");
        }
    }

    // The library takes any text for a key, and turns every token away later.
    private static bool CanBeImported(JsonWebKey key)
    {
        try
        {
            if (key.Kty == JsonWebAlgorithmsKeyTypes.RSA)
            {
                using var rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) });
                return true;
            }

            var curve = key.Crv switch
            {
                JsonWebKeyECTypes.P256 => ECCurve.NamedCurves.nistP256,
                JsonWebKeyECTypes.P384 => ECCurve.NamedCurves.nistP384,
                JsonWebKeyECTypes.P521 => ECCurve.NamedCurves.nistP521,
                _ => throw new NotSupportedException(),
            };
            using var ec = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) } });
            return true;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private void AddSymmetric(List<SecurityKey> keys, string name, string text)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            _faults.Add($"{name} must be base64.");
            return;
        }

        if (bytes.Length < SymmetricKeyBytesMin) _faults.Add($"{name} must have at least {SymmetricKeyBytesMin} bytes.");
        else keys.Add(new SymmetricSecurityKey(bytes));
    }

    private string? ReadBaseUrl(IConfigurationSection api)
    {
        if (api["PublicBaseUrl"] is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0)
            return text.TrimEnd('/');
        _faults.Add("Api:PublicBaseUrl must be an absolute http or https address without query and fragment.");
        return null;
    }

    private CallRate? ReadRate(IConfigurationSection section)
    {
        if (!section.Exists()) return null;
        NameStrangers(section, "PerSecond", "Burst");
        var perSecond = ReadWhole(section, "PerSecond", 1, 1_000_000);
        if (perSecond is null && section["PerSecond"] is null) _faults.Add($"{section.Path}:PerSecond is required.");
        var burst = ReadWhole(section, "Burst", 1, 1_000_000);
        return new CallRate(perSecond ?? 1, burst ?? perSecond ?? 1);
    }

    private int? ReadWhole(IConfigurationSection section, string name, int min, int max)
    {
        if (section[name] is not { Length: > 0 } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        _faults.Add($"{section.Path}:{name} must be a whole number from {min} to {max}, not '{text}'.");
        return null;
    }

    private void NameStrangers(IConfigurationSection section, params ReadOnlySpan<string> known)
    {
        foreach (var child in section.GetChildren())
            if (!known.ContainsIgnoreCase(child.Key)) _faults.Add($"{child.Path} is not a setting; there are {string.Join(", ", known)}.");
    }
}

file static class Names
{
    public static bool ContainsIgnoreCase(this ReadOnlySpan<string> names, string name)
    {
        foreach (var known in names)
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
