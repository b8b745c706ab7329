using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static SQLitePCL.raw;

namespace SocialCommerce.Journal;

/// <summary>
/// SQLite's own access to files, but that pages written into the database are synced a few at a time, with a pause after each: for the
/// connection that moves the log. 12,000 pages at a stretch take a good part of a core from the requests, and lie in front of the next
/// commits on their way to the disk.
/// </summary>
/// <remarks>
/// As PostgreSQL's <c>checkpoint_flush_after</c> does, and as large a piece: https://www.postgresql.org/docs/current/runtime-config-wal.html.
/// Nothing rests on these syncs; SQLite's own come after them as before. One that fails fails the checkpoint, which is made again.
/// </remarks>
internal static unsafe class PacingVfs
{
    /// <summary>To open a connection with.</summary>
    public const string Name = "sc-pacing";

    /// <summary>256 kB.</summary>
    public const int StretchLeast = 64;

    /// <summary>16 MB.</summary>
    private const int StretchMost = 4_096;
    private const int PauseMilliseconds = 1;

    // SQLITE_SYNC_NORMAL: https://www.sqlite.org/c3ref/c_sync_dataonly.html
    private const int SyncNormally = 2;

    /// <summary>Makes the name known; once, after the library was loaded.</summary>
    public static void Register() => SystemVfs.Register(Name, &Open);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SystemVfs.Vfs* own, byte* path, SystemVfs.File* file, int flags, int* outFlags)
    {
        var code = SystemVfs.Open(path, file, flags, outFlags);
        if (code == SQLITE_OK && (flags & SystemVfs.OpenDatabase) != 0) file->Methods = Pacing.Over(file->Methods);
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SystemVfs.File* file, byte* bytes, int length, long offset)
    {
        var database = (Pacing*)file->Methods;
        var code = database->System->Write(file, bytes, length, offset);
        if (code != SQLITE_OK || ++database->Written < database->Stretch) return code;
        database->Written = 0;
        SystemVfs.Pause(PauseMilliseconds);
        var began = TimeProvider.System.GetTimestamp();
        code = database->System->Sync(file, SyncNormally);
        // A slower disk gets more at a time: a sync may take a millisecond for every 64 pages, so that the log is moved faster than it grows.
        var milliseconds = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        database->Stretch = (int)Math.Clamp(milliseconds * StretchLeast, StretchLeast, StretchMost);
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SystemVfs.File* file)
    {
        var database = (Pacing*)file->Methods;
        file->Methods = database->System;
        NativeMemory.Free(database);
        return file->Methods->Close(file);
    }

    /// <summary>The methods of one database, and how far it is.</summary>
    private struct Pacing
    {
        // First: where SQLite looks for the methods, we find the rest.
        public SystemVfs.Methods Methods;
        public SystemVfs.Methods* System;

        /// <summary>Pages since the last sync.</summary>
        public int Written;

        /// <summary>Pages until the next one.</summary>
        public int Stretch;

        public static SystemVfs.Methods* Over(SystemVfs.Methods* system)
        {
            var database = (Pacing*)NativeMemory.AllocZeroed((nuint)sizeof(Pacing));
            database->Methods = *system;
            database->Methods.Write = &Write;
            database->Methods.Close = &Close;
            database->System = system;
            database->Stretch = StretchLeast;
            return (SystemVfs.Methods*)database;
        }
    }
}
