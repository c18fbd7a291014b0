using System.Runtime.CompilerServices;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Turns addresses into regions and offsets, and refuses those that lead nowhere.</summary>
internal interface IAddressSpace
{
    static abstract MemoryRegion Resolve(PtxStep step, PtxWarp warp, int lane, ulong address, out int offset);
}

internal static class AddressSpaces
{
    /// <summary>Where shared memory starts among generic addresses.</summary>
    public const ulong SharedWindow = 1UL << 62;

    /// <summary>Where local memory does.</summary>
    public const ulong LocalWindow = 1UL << 61;

    public static bool IsWithin(ulong address, int size, int length) => address < (ulong)length && (ulong)length - address >= (ulong)size;

    public static void CheckAlignment(PtxStep step, PtxWarp warp, int lane, ulong address)
    {
        if ((address & (ulong)(step.AccessBytes - 1)) != 0)
            throw warp.Fault(step, lane, PtxFault.Misaligned, $"address 0x{address:x}, {step.AccessBytes} bytes");
    }
}

internal readonly struct SharedSpace : IAddressSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MemoryRegion Resolve(PtxStep step, PtxWarp warp, int lane, ulong address, out int offset)
    {
        MemoryRegion region = warp.Block.Shared;
        if (!AddressSpaces.IsWithin(address, step.AccessBytes, region.Data.Length))
            throw warp.Fault(step, lane, PtxFault.SharedOutOfBounds, $"byte 0x{address:x}");
        offset = (int)address;
        byte[] states = region.States!;
        if (states[offset] == MemoryRegion.Guard || states[offset + step.AccessBytes - 1] == MemoryRegion.Guard)
            throw warp.Fault(step, lane, PtxFault.SharedOutOfBounds, $"byte {offset}, between allocations");
        AddressSpaces.CheckAlignment(step, warp, lane, address);
        return region;
    }
}

internal readonly struct LocalSpace : IAddressSpace
{
    public static MemoryRegion Resolve(PtxStep step, PtxWarp warp, int lane, ulong address, out int offset)
    {
        if (!AddressSpaces.IsWithin(address, step.AccessBytes, warp.LocalStride))
            throw warp.Fault(step, lane, PtxFault.LocalOutOfBounds, $"byte 0x{address:x}");
        offset = lane * warp.LocalStride + (int)address;
        byte[] states = warp.Local.States!;
        if (states[offset] == MemoryRegion.Guard || states[offset + step.AccessBytes - 1] == MemoryRegion.Guard)
            throw warp.Fault(step, lane, PtxFault.LocalOutOfBounds, $"byte {address}, between variables");
        AddressSpaces.CheckAlignment(step, warp, lane, address);
        return warp.Local;
    }
}

/// <summary>Global memory and constants, whose addresses are generic ones.</summary>
internal readonly struct GlobalSpace : IAddressSpace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MemoryRegion Resolve(PtxStep step, PtxWarp warp, int lane, ulong address, out int offset)
    {
        DeviceArray? array = warp.Block.Machine.Find(address);
        long at = DeviceArray.OffsetOf(address);
        if (array is null || at < 0 || at > array.ByteLength - step.AccessBytes)
            throw warp.Fault(step, lane, PtxFault.GlobalOutOfBounds, array is null ? $"address 0x{address:x}" : $"byte {at} of the {array.ByteLength} of {array.Region.Name}");
        AddressSpaces.CheckAlignment(step, warp, lane, address);
        offset = (int)at;
        return array.Region;
    }
}

internal readonly struct GenericSpace : IAddressSpace
{
    public static MemoryRegion Resolve(PtxStep step, PtxWarp warp, int lane, ulong address, out int offset) =>
        (address & AddressSpaces.SharedWindow) != 0 ? SharedSpace.Resolve(step, warp, lane, address - AddressSpaces.SharedWindow, out offset)
        : (address & AddressSpaces.LocalWindow) != 0 ? LocalSpace.Resolve(step, warp, lane, address - AddressSpaces.LocalWindow, out offset)
        : GlobalSpace.Resolve(step, warp, lane, address, out offset);
}
