using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>cp.async and its groups.</summary>
internal static class CopyOperations
{
    public static void Start(PtxStep s, PtxWarp w, uint active)
    {
        MemoryRegion? region = null;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong target = w.Registers[s.B + lane] + (ulong)s.Vector[0];
            MemoryRegion shared = SharedSpace.Resolve(s, w, lane, (uint)target, out int destination);
            byte[] bytes = new byte[s.AccessBytes];
            int length = (int)Math.Min((uint)w.Registers[s.C + lane], (uint)s.AccessBytes);
            ulong address = w.Registers[s.A + lane] + (ulong)s.Offset;
            w.Addresses[lane] = address;
            if (length > 0)
            {
                region = GlobalSpace.Resolve(s, w, lane, address, out int offset);
                MemoryOperations.CheckRead(s, w, lane, region, offset);
                RaceCheck.Read(s, w, lane, region, offset, s.AccessBytes);
                region.Data.AsSpan(offset, length).CopyTo(bytes);
            }

            RaceCheck.Write(s, w, lane, shared, destination, s.AccessBytes);
            shared.States.AsSpan(destination, s.AccessBytes).Fill(MemoryRegion.Pending);
            w.AddCopy(lane, destination, bytes);
        }

        if (region is not null)
            MemoryCounting.Count(s, w, active, region, isWrite: false);
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            w.Addresses[lane] = w.Registers[s.B + lane] + (ulong)s.Vector[0];
        }

        MemoryCounting.Count(s, w, active, w.Block.Shared, isWrite: true);
    }

    public static void Commit(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
            w.CommitCopies(BitOperations.TrailingZeroCount(rest));
    }

    /// <summary>Waits for all groups but the last of a number; for all copies, committed or not, where the step is uniform.</summary>
    public static void Wait(PtxStep s, PtxWarp w, uint active)
    {
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (s.IsUniform)
                w.CommitCopies(lane);
            w.WaitForCopies(s, lane, (int)s.Offset);
        }
    }
}
