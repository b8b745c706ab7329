using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    private const int GatheredBytesMax = 1 << 20;

    // SQLite's own writing takes less than 128 kB at a time (seekAndWriteFd in os_unix.c).
    private const int PieceBytesMax = 1 << 16;

    /// <summary>Makes the name known; once, after the library was loaded.</summary>
    public static void Register() => SystemVfs.Register(Name, &Open);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SystemVfs.Vfs* own, byte* path, SystemVfs.File* file, int flags, int* outFlags)
    {
        var code = SystemVfs.Open(path, file, flags, outFlags);
        if (code == SQLITE_OK && (flags & SystemVfs.OpenLog) != 0) file->Methods = Gathering.Over(file->Methods);
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SystemVfs.File* file, byte* bytes, int length, long offset)
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
    private static int Read(SystemVfs.File* file, byte* bytes, int length, long offset) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->Read(file, bytes, length, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(SystemVfs.File* file, long length) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->Truncate(file, length);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SystemVfs.File* file, int flags) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->Sync(file, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(SystemVfs.File* file, long* size) =>
        HandOver(file) is not SQLITE_OK and var code ? code : ((Gathering*)file->Methods)->System->FileSize(file, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SystemVfs.File* file)
    {
        // What was never synced belongs to no commit.
        var log = (Gathering*)file->Methods;
        file->Methods = log->System;
        var code = file->Methods->Close(file);
        NativeMemory.Free(log->Bytes);
        NativeMemory.Free(log);
        return code;
    }

    private static int HandOver(SystemVfs.File* file)
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

    /// <summary>The methods of one log, and what was gathered for it.</summary>
    private struct Gathering
    {
        // First: where SQLite looks for the methods, we find the rest.
        public SystemVfs.Methods Methods;
        public SystemVfs.Methods* System;
        public byte* Bytes;
        public int Length;
        public long Offset;

        public static SystemVfs.Methods* Over(SystemVfs.Methods* system)
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
            return (SystemVfs.Methods*)log;
        }
    }
}
