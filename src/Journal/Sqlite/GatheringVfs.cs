using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static SQLitePCL.raw;

namespace SocialCommerce.Journal;

/// <summary>
/// SQLite's own access to files, but that what goes into the write-ahead log is gathered and handed to the system in large pieces where it is
/// synced. SQLite writes each page of the log in two calls, its header and its content: seven hundred for a commit of a hundred cuts, two
/// thirds of which begin or end in the middle of a page of the system's.
/// </summary>
/// <remarks>
/// SQLite shows a commit to others only after the log is synced (<c>synchronous=FULL</c>; other settings must not be used with it), and with
/// that all of it is handed over; nobody else reads the log beyond. Whatever this connection itself asks of the log is answered after the
/// hand-over, too. A write that fails shows when it is handed over: at the latest by the sync, which then fails the commit.
/// See https://www.sqlite.org/c3ref/vfs.html and https://www.sqlite.org/c3ref/io_methods.html.
/// </remarks>
internal static unsafe class GatheringVfs
{
    /// <summary>To open a connection with.</summary>
    public const string Name = "sc-gathering";

    private const string Library = "e_sqlite3";
    private const int GatheredBytesMax = 1 << 20;

    // SQLite's own writing takes less than 128 kB at a time (seekAndWriteFd in os_unix.c).
    private const int PieceBytesMax = 1 << 16;

    // SQLITE_OPEN_WAL: the file that is opened is a write-ahead log. https://www.sqlite.org/c3ref/c_open_autoproxy.html
    private const int OpenLog = 0x80000;

    private static Vfs* s_system;

    /// <summary>Makes the name known; once, after the library was loaded.</summary>
    public static void Register()
    {
        s_system = (Vfs*)sqlite3_vfs_find(null);
        var own = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *own = *s_system;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        own->Open = &Open;
        if (sqlite3_vfs_register(own, 0) is not SQLITE_OK and var code) throw new SqliteFault(code, "the log's writes can't be gathered");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* own, byte* path, File* file, int flags, int* outFlags)
    {
        var code = s_system->Open(s_system, path, file, flags, outFlags);
        if (code == SQLITE_OK && (flags & OpenLog) != 0) file->Methods = Gathering.Over(file->Methods);
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(File* file, byte* bytes, int length, long offset)
    {
        var log = (Gathering*)file->Methods;
        if (log->Length > 0 && (offset != log->Offset + log->Length || log->Length + length > GatheredBytesMax) && HandOver(file) is not SQLITE_OK and var code) return code;
        if (length > GatheredBytesMax) return log->System->Write(file, bytes, length, offset);
        if (log->Length == 0) log->Offset = offset;
        Buffer.MemoryCopy(bytes, log->Bytes + log->Length, GatheredBytesMax - log->Length, length);
        log->Length += length;
        return SQLITE_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(File* file, byte* bytes, int length, long offset) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->Read(file, bytes, length, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(File* file, long length) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->Truncate(file, length);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(File* file, int flags) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->Sync(file, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(File* file, long* size) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->FileSize(file, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(File* file)
    {
        // What was never synced belongs to no commit.
        var log = (Gathering*)file->Methods;
        file->Methods = log->System;
        var code = file->Methods->Close(file);
        NativeMemory.Free(log->Bytes);
        NativeMemory.Free(log);
        return code;
    }

    private static int HandOver(File* file)
    {
        var log = (Gathering*)file->Methods;
        if (log->Length == 0) return SQLITE_OK;
        // Also after a failure: the commit that this belongs to fails, and the next one is written over it.
        var length = log->Length;
        log->Length = 0;
        for (var done = 0; done < length; done += PieceBytesMax)
        {
            var code = log->System->Write(file, log->Bytes + done, Math.Min(PieceBytesMax, length - done), log->Offset + done);
            if (code != SQLITE_OK) return code;
        }

        return SQLITE_OK;
    }

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern void* sqlite3_vfs_find(byte* name);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_vfs_register(Vfs* vfs, int makeDefault);

    /// <summary>sqlite3_file: what follows the methods is the system's.</summary>
    private struct File
    {
        public Methods* Methods;
    }

    /// <summary>sqlite3_vfs, version 3.</summary>
    private struct Vfs
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
    private struct Methods
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

    /// <summary>The methods of one log, and what was gathered for it.</summary>
    private struct Gathering
    {
        // First: where SQLite looks for the methods, we find the rest.
        public Methods Methods;
        public Methods* System;
        public byte* Bytes;
        public int Length;
        public long Offset;

        public static Methods* Over(Methods* system)
        {
            var log = (Gathering*)NativeMemory.AllocZeroed((nuint)sizeof(Gathering));
            log->Methods = *system;
            log->Methods.Close = &Close;
            log->Methods.Read = &Read;
            log->Methods.Write = &Write;
            log->Methods.Truncate = &Truncate;
            log->Methods.Sync = &Sync;
            log->Methods.FileSize = &FileSize;
            log->System = system;
            log->Bytes = (byte*)NativeMemory.Alloc(GatheredBytesMax);
            return (Methods*)log;
        }
    }

    [InlineArray(15)]
    private struct Pointers15
    {
        private nint _first;
    }

    [InlineArray(12)]
    private struct Pointers12
    {
        private nint _first;
    }
}
