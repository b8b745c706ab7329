using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace SocialCommerce.Architecture.Tests;

/// <summary>The files of deploy/ name what there is: settings, paths, ports, one another; and give a silo the time to drain.</summary>
public sealed partial class DeployTests
{
    // The host lets requests and turns under way end for so long after the drain.
    private const int ShutdownSeconds = 30;

    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Repository.Path("deploy"), "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    private static readonly string Image = Repository.Text("deploy/Containerfile");

    private static readonly YamlNode Compose = Yaml.Documents("deploy/compose.yaml").Single();

    private static readonly YamlNode[] Manifests = [.. Files.Where(file => file.Contains("/kubernetes/", StringComparison.Ordinal)).SelectMany(Yaml.Documents)];

    private static YamlNode[] Pods => [.. Manifests.Select(manifest => manifest.At("spec", "template", "spec")).OfType<YamlNode>()];

    private static YamlNode[] Deployments => [.. Manifests.Where(manifest => manifest.At("kind").Text() == "Deployment")];

    [Fact]
    public void Every_file_can_be_read()
    {
        Assert.True(Files.Length > 8, "The files were not found.");
        Assert.All(Files, file => Assert.All(Yaml.Documents(file), document => Assert.IsType<YamlMappingNode>(document)));
        Assert.All(Manifests, manifest => Assert.NotNull(manifest.At("apiVersion").Text()));
    }

    [Fact]
    public void Every_setting_that_is_named_exists()
    {
        var named = Files.Append("deploy/Containerfile").Append("deploy/healthcheck.sh")
            .SelectMany(file => SettingNames().Matches(Repository.Text(file)).Select(match => (File: file, Name: match.Value))).Distinct().ToArray();
        Assert.True(named.Length > 20, "The settings were not found.");
        Assert.All(named, setting => Assert.True(Settings.All.Contains(Settings.Canonical(setting.Name)), $"{setting.File}: {setting.Name} is no setting"));
    }

    [Fact]
    public void What_must_be_given_is_given()
    {
        string[] required = ["Cluster:ConnectionString", "Engine:ShareKey", "Api:Keys:0:Name", "Api:Keys:0:Sha256", "Api:Keys:0:Scopes:0"];
        foreach (var silo in new[] { "silo-1", "silo-2" })
            Assert.Empty(required.Except(Compose.At("services", silo, "environment").Entries().Select(entry => Settings.Canonical(entry.Key))));

        var secret = Manifests.Single(manifest => manifest.At("kind").Text() == "Secret");
        Assert.Empty(required.Except(secret.At("stringData").Entries().Select(entry => Settings.Canonical(entry.Key))));
        Assert.All(Pods, pod => Assert.Contains(pod.At("containers").Items().Single().At("envFrom").Items(),
            source => source.At("secretRef", "name").Text() == secret.At("metadata", "name").Text()));
    }

    [Fact]
    public void Probes_ask_the_ops_port_for_what_the_image_answers()
    {
        var opsPort = OpsPort().Match(Image).Groups[1].Value;
        Assert.Contains($"http://+:{opsPort}", Image, StringComparison.Ordinal);
        Assert.Contains(opsPort, Exposed());
        Assert.Contains($"Api__OpsPort:-{opsPort}}}", Repository.Text("deploy/healthcheck.sh"), StringComparison.Ordinal);
        Assert.Contains("GET /health/ready ", Repository.Text("deploy/healthcheck.sh"), StringComparison.Ordinal);
        Assert.Equal(opsPort, Setting("Api__OpsPort"));

        var source = Repository.Text("src/Api/Endpoints/HealthEndpoints.cs");
        foreach (var container in Deployments.Select(deployment => deployment.At("spec", "template", "spec")!.At("containers").Items().Single()))
        {
            Assert.Equal(opsPort, PortOf(container, "ops"));
            foreach (var (probe, path) in new[] { ("startupProbe", "/health/live"), ("livenessProbe", "/health/live"), ("readinessProbe", "/health/ready") })
            {
                Assert.Equal(path, container.At(probe, "httpGet", "path").Text());
                Assert.Equal("ops", container.At(probe, "httpGet", "port").Text());
                Assert.Contains($"\"{path}\"", source, StringComparison.Ordinal);
            }
        }

        var metrics = Manifests.Single(manifest => manifest.At("metadata", "name").Text() == "silo-ops").At("metadata", "annotations");
        Assert.Equal(opsPort, metrics!.At("prometheus.io/port").Text());
        Assert.Contains($"\"{metrics!.At("prometheus.io/path").Text()}\"", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_port_is_one_that_the_image_exposes()
    {
        var exposed = Exposed();
        var ports = Pods.SelectMany(pod => pod.At("containers").Items()).SelectMany(container => container.At("ports").Items()).Select(port => port.At("containerPort").Text()!)
            .Concat(Compose.At("services").Entries().Where(service => service.Key != "postgres").SelectMany(service => service.Value.At("ports").Items()).Select(port => port.Text()!.Split(':')[^1]))
            .ToArray();
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.Contains(port, exposed));

        var silo = Deployments.Single(deployment => deployment.At("metadata", "name").Text() == "silo").At("spec", "template", "spec", "containers").Items().Single();
        Assert.Equal(Setting("Cluster__SiloPort"), PortOf(silo, "silo"));
        Assert.Equal(Setting("Cluster__GatewayPort"), PortOf(silo, "gateway"));
        Assert.Equal("status.podIP", silo.At("env").Items().Single(entry => entry.At("name").Text() == "Cluster__AdvertisedAddress").At("valueFrom", "fieldRef", "fieldPath").Text());
    }

    [Fact]
    public void Services_and_policies_name_ports_and_pods_that_exist()
    {
        var names = Pods.SelectMany(pod => pod.At("containers").Items()).SelectMany(container => container.At("ports").Items()).Select(port => port.At("name").Text()).ToHashSet();
        var apps = Manifests.Select(manifest => manifest.At("spec", "template", "metadata", "labels", "app").Text()).ToHashSet();
        var services = Manifests.Where(manifest => manifest.At("kind").Text() == "Service").ToArray();
        Assert.Equal(2, services.Length);
        Assert.All(services, service =>
        {
            Assert.Contains(service.At("spec", "selector", "app").Text(), apps);
            Assert.All(service.At("spec", "ports").Items(), port => Assert.Contains(port.At("targetPort").Text(), names));
        });

        var policies = Manifests.Where(manifest => manifest.At("kind").Text() == "NetworkPolicy").ToArray();
        Assert.Contains(policies, policy => policy.At("spec", "podSelector").Entries().Any() is false && policy.At("spec", "ingress") is null);
        Assert.All(policies.SelectMany(policy => policy.At("spec", "ingress").Items()), rule => Assert.All(rule.At("ports").Items(), port => Assert.Contains(port.At("port").Text(), names)));

        // Silo and gateway ports are open to pods alone that are told so, never to a whole namespace.
        var inner = policies.SelectMany(policy => policy.At("spec", "ingress").Items()).Where(rule => rule.At("ports").Items().Any(port => port.At("port").Text() is "silo" or "gateway")).ToArray();
        Assert.NotEmpty(inner);
        Assert.All(inner.SelectMany(rule => rule.At("from").Items()), from => Assert.NotEmpty(from.At("podSelector", "matchLabels").Entries()));
    }

    [Fact]
    public void The_grace_period_is_longer_than_the_drain()
    {
        var composed = Seconds(Compose.At("services", "silo-1", "environment", "Cluster__DrainSeconds").Text()!) + ShutdownSeconds;
        foreach (var service in new[] { "silo-1", "silo-2", "api" }) Assert.True(Seconds(Compose.At("services", service, "stop_grace_period").Text()!.TrimEnd('s')) > composed, service);

        var needed = Seconds(Setting("Cluster__DrainSeconds")) + ShutdownSeconds;
        Assert.NotEmpty(Deployments);
        Assert.All(Deployments, deployment => Assert.True(Seconds(deployment.At("spec", "template", "spec", "terminationGracePeriodSeconds").Text()!) > needed));

        // A pod goes on serving until its readiness probe has failed and the services have forgotten it.
        Assert.All(Deployments, deployment =>
        {
            var probe = deployment.At("spec", "template", "spec", "containers").Items().Single().At("readinessProbe");
            Assert.True(Seconds(probe!.At("periodSeconds").Text()!) * Seconds(probe!.At("failureThreshold").Text()!) < Seconds(Setting("Cluster__DrainSeconds")));
        });
    }

    [Fact]
    public void Nothing_runs_with_more_rights_than_it_needs()
    {
        Assert.Contains("\nUSER $APP_UID\n", Image, StringComparison.Ordinal);
        Assert.All(Pods, pod =>
        {
            Assert.Equal("true", pod.At("securityContext", "runAsNonRoot").Text());
            Assert.Equal("false", pod.At("automountServiceAccountToken").Text());
            var container = pod.At("containers").Items().Single();
            Assert.Equal("true", container.At("securityContext", "readOnlyRootFilesystem").Text());
            Assert.Equal("false", container.At("securityContext", "allowPrivilegeEscalation").Text());
            Assert.NotNull(container.At("resources", "requests", "memory").Text());
        });
        foreach (var service in Compose.At("services").Entries().Where(service => service.Key != "postgres")) Assert.Equal("true", service.Value.At("read_only").Text());
    }

    [Fact]
    public void Postgres_writes_through_to_disk()
    {
        var command = Compose.At("services", "postgres", "command").Items().Select(part => part.Text()).ToArray();
        foreach (var setting in new[] { "fsync=on", "synchronous_commit=on", "full_page_writes=on" }) Assert.Contains(setting, command);
        Assert.Contains(Compose.At("services", "postgres", "volumes").Items(), volume => Compose.At("volumes")!.Entries().Any(named => volume.Text()!.StartsWith(named.Key + ":", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_kustomization_names_files_that_are_there()
    {
        var resources = Manifests.Single(manifest => manifest.At("kind").Text() == "Kustomization").At("resources").Items().Select(resource => resource.Text()).ToArray();
        Assert.NotEmpty(resources);
        Assert.All(resources, resource => Assert.True(File.Exists(Repository.Path("deploy/kubernetes/" + resource)), resource));
        Assert.DoesNotContain("secret.example.yaml", resources);
    }

    /// <summary>A command that the executable does not know would end every container at once.</summary>
    [Fact]
    public void Every_command_is_one_of_the_executables()
    {
        var usage = Repository.Text("src/Silo/Program.cs");
        var commands = Compose.At("services").Entries().Where(service => service.Key != "postgres").Select(service => service.Value.At("command"))
            .Concat(Pods.Select(pod => pod.At("containers").Items().Single().At("args")))
            .Select(command => command.Items().First().Text()!).Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["api", "db", "silo"], commands);
        Assert.All(commands, command => Assert.Contains($"case \"{command}\"", usage, StringComparison.Ordinal));
    }

    private static HashSet<string> Exposed() => [.. Exposes().Match(Image).Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static string Setting(string name) => Manifests.Single(manifest => manifest.At("kind").Text() == "ConfigMap").At("data", name).Text()!;

    private static string? PortOf(YamlNode container, string name) => container.At("ports").Items().Single(port => port.At("name").Text() == name).At("containerPort").Text();

    private static int Seconds(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(?:Cluster|Engine|Api)__[A-Za-z0-9_]*[A-Za-z0-9]")]
    private static partial Regex SettingNames();

    [GeneratedRegex(@"Api__OpsPort=(\d+)")]
    private static partial Regex OpsPort();

    [GeneratedRegex(@"(?m)^EXPOSE (.*)$")]
    private static partial Regex Exposes();
}
