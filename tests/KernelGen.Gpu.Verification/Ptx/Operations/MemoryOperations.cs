using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Loads, stores and atomic updates.</summary>
internal static class MemoryOperations
{
    public static void Load<TSpace>(PtxStep s, PtxWarp w, uint active)
        where TSpace : struct, IAddressSpace
    {
        MemoryRegion? region = null;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = w.Registers[s.A + lane] + (ulong)s.Offset;
            w.Addresses[lane] = address;
            region = TSpace.Resolve(s, w, lane, address, out int offset);
            CheckRead(s, w, lane, region, offset);
            RaceCheck.Read(s, w, lane, region, offset, s.AccessBytes);
            ref byte first = ref region.Data[offset];
            for (int i = 0; i < s.Vector.Length; i++)
                w.Registers[s.Vector[i] + lane] = Read(ref Unsafe.Add(ref first, i * s.ElementBytes), s.ElementBytes, s.IsSigned);
        }

        MemoryCounting.Count(s, w, active, region!, isWrite: false);
    }

    public static void Store<TSpace>(PtxStep s, PtxWarp w, uint active)
        where TSpace : struct, IAddressSpace
    {
        MemoryRegion? region = null;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = w.Registers[s.A + lane] + (ulong)s.Offset;
            w.Addresses[lane] = address;
            region = TSpace.Resolve(s, w, lane, address, out int offset);
            RaceCheck.Write(s, w, lane, region, offset, s.AccessBytes);
            CheckWrite(s, w, lane, region);
            ref byte first = ref region.Data[offset];
            for (int i = 0; i < s.Vector.Length; i++)
                Write(ref Unsafe.Add(ref first, i * s.ElementBytes), s.ElementBytes, w.Registers[s.Vector[i] + lane]);
            region.States?.AsSpan(offset, s.AccessBytes).Fill(MemoryRegion.Written);
        }

        MemoryCounting.Count(s, w, active, region!, isWrite: true);
    }

    /// <summary>atom and red. The step's function makes the new value of the old one and two operands.</summary>
    public static void Update<TSpace>(PtxStep s, PtxWarp w, uint active)
        where TSpace : struct, IAddressSpace
    {
        MemoryRegion? region = null;
        for (uint rest = active; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = w.Registers[s.A + lane] + (ulong)s.Offset;
            w.Addresses[lane] = address;
            region = TSpace.Resolve(s, w, lane, address, out int offset);
            CheckRead(s, w, lane, region, offset);
            RaceCheck.Update(s, w, lane, region, offset, s.AccessBytes);
            CheckWrite(s, w, lane, region);
            ref byte first = ref region.Data[offset];
            ulong old = Read(ref first, s.ElementBytes, isSigned: false);
            Write(ref first, s.ElementBytes, s.Update!(old, w.Registers[s.B + lane], w.Registers[s.C + lane]));
            if (s.Vector.Length > 0)
                w.Registers[s.Vector[0] + lane] = old;
        }

        MemoryCounting.Count(s, w, active, region!, isWrite: true);
    }

    /// <summary>Loads of the launch's arguments, the same in every thread.</summary>
    public static void LoadParameter(PtxStep s, PtxWarp w, uint active)
    {
        for (int i = 0; i < s.Vector.Length; i++)
        {
            int offset = (int)s.Offset + i * s.ElementBytes;
            if (offset < 0 || offset + s.ElementBytes > w.Block.Parameters.Length)
                throw w.Fault(s, BitOperations.TrailingZeroCount(active), PtxFault.ConstantOutOfBounds, $"byte {offset} of the parameters");
            ulong value = Read(ref w.Block.Parameters[offset], s.ElementBytes, s.IsSigned);
            for (uint rest = active; rest != 0; rest &= rest - 1)
                w.Registers[s.Vector[i] + BitOperations.TrailingZeroCount(rest)] = value;
        }
    }

    public static void CheckRead(PtxStep s, PtxWarp w, int lane, MemoryRegion region, int offset)
    {
        byte worst = region.Worst(offset, s.AccessBytes);
        if (worst == MemoryRegion.Written)
            return;
        if (worst == MemoryRegion.Pending)
            throw w.Fault(s, lane, PtxFault.PendingCopy, $"byte {offset} of {region.Name}");
        if (!w.IsChecked)
            return;
        PtxFault fault = region.Space switch
        {
            PtxSpace.Shared => PtxFault.UninitialisedShared,
            PtxSpace.Local => PtxFault.UninitialisedLocal,
            _ => PtxFault.UninitialisedGlobal,
        };
        throw w.Fault(s, lane, fault, $"byte {(region.Space == PtxSpace.Local ? offset % w.LocalStride : offset)} of {region.Name}");
    }

    public static ulong Read(ref byte source, int size, bool isSigned) => size switch
    {
        4 => isSigned ? (ulong)Unsafe.ReadUnaligned<int>(ref source) : Unsafe.ReadUnaligned<uint>(ref source),
        8 => Unsafe.ReadUnaligned<ulong>(ref source),
        2 => isSigned ? (ulong)Unsafe.ReadUnaligned<short>(ref source) : Unsafe.ReadUnaligned<ushort>(ref source),
        _ => isSigned ? (ulong)(sbyte)source : source,
    };

    public static void Write(ref byte target, int size, ulong value)
    {
        switch (size)
        {
            case 4:
                Unsafe.WriteUnaligned(ref target, (uint)value);
                break;
            case 8:
                Unsafe.WriteUnaligned(ref target, value);
                break;
            case 2:
                Unsafe.WriteUnaligned(ref target, (ushort)value);
                break;
            default:
                target = (byte)value;
                break;
        }
    }

    private static void CheckWrite(PtxStep s, PtxWarp w, int lane, MemoryRegion region)
    {
        if (region.Space == PtxSpace.Const)
            throw w.Fault(s, lane, PtxFault.ConstantOutOfBounds, $"a write into {region.Name}");
    }
}
