using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static SQLitePCL.raw;

namespace SocialCommerce.Journal;

/// <summary>
/// SQLite's own access to files, to build others over: https://www.sqlite.org/c3ref/vfs.html and https://www.sqlite.org/c3ref/io_methods.html.
/// </summary>
internal static unsafe class SystemVfs
{
    // SQLITE_OPEN_MAIN_DB and SQLITE_OPEN_WAL, what is opened: https://www.sqlite.org/c3ref/c_open_autoproxy.html
    public const int OpenDatabase = 0x100;
    public const int OpenLog = 0x80000;

    private const string Library = "e_sqlite3";

    private static Vfs* s_system;

    /// <summary>Makes a VFS known that is the system's but for how it opens files; after the library was loaded, one at a time.</summary>
    public static void Register(string name, delegate* unmanaged[Cdecl]<Vfs*, byte*, File*, int, int*, int> open)
    {
        s_system = (Vfs*)sqlite3_vfs_find(null);
        var own = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *own = *s_system;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        own->Open = open;
        if (sqlite3_vfs_register(own, 0) is not SQLITE_OK and var code) throw new SqliteFault(code, $"the file access '{name}' can't be registered");
    }

    public static int Open(byte* path, File* file, int flags, int* outFlags) => s_system->Open(s_system, path, file, flags, outFlags);

    public static void Pause(int milliseconds) => sqlite3_sleep(milliseconds);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern void* sqlite3_vfs_find(byte* name);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_vfs_register(Vfs* vfs, int makeDefault);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern void sqlite3_sleep(int milliseconds);

    /// <summary>sqlite3_file: what follows the methods is the system's.</summary>
    public struct File
    {
        public Methods* Methods;
    }

    /// <summary>sqlite3_vfs, version 3.</summary>
    public struct Vfs
    {
        public int Version;
        public int FileBytes;
        public int PathLengthMax;
        public nint Next;
        public byte* Name;
        public nint Data;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, File*, int, int*, int> Open;
        public Pointers15 Others;
    }

    /// <summary>sqlite3_io_methods, version 3.</summary>
    public struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<File*, int> Close;
        public delegate* unmanaged[Cdecl]<File*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<File*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<File*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<File*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<File*, long*, int> FileSize;
        public Pointers12 Others;
    }

    [InlineArray(15)]
    public struct Pointers15
    {
        private nint _first;
    }

    [InlineArray(12)]
    public struct Pointers12
    {
        private nint _first;
    }
}
