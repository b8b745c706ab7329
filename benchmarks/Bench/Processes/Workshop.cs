namespace SocialCommerce.Bench;

/// <summary>A folder of the run's own, gone with it.</summary>
internal sealed class Workshop : IDisposable
{
    private int _folders;

    public string Root { get; } = Directory.CreateTempSubdirectory("bench-").FullName;

    /// <summary>A new, empty folder.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Root, $"{name}-{++_folders}")).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
