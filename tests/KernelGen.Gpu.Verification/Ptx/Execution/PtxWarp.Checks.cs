using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Faults, and the stamps that the race detector compares.</summary>
internal sealed partial class PtxWarp
{
    /// <summary>Stamp of the warp's accesses, but for the thread.</summary>
    public ulong Stamp { get; private set; }

    public PtxFaultException Fault(PtxStep step, int lane, PtxFault fault, string detail) =>
        new(fault, detail, step.Instruction, Index * Size + lane, Block.Position);

    /// <summary>A barrier of this warp alone.</summary>
    public void PassWarpBarrier()
    {
        if (WarpBarriers == AccessStamp.MaxWarpBarriers)
            throw new NotSupportedException($"More than {AccessStamp.MaxWarpBarriers} warp barriers between two of the block.");
        WarpBarriers++;
        Restamp();
    }

    private void Restamp() => Stamp = AccessStamp.Base(Block.Number, Block.Barriers, WarpBarriers) | (uint)(Index * Size);

    private void CheckSources(PtxStep step, uint active, uint mask)
    {
        if (step.Guard >= 0 && (active & ~PredicatesWritten[step.Guard]) != 0)
            throw UnwrittenRegister(step, active & ~PredicatesWritten[step.Guard], "its predicate");
        foreach (int register in step.Sources)
        {
            uint unwritten = mask & ~Written[register];
            if (unwritten != 0)
                throw UnwrittenRegister(step, unwritten, "a register");
        }

        foreach (int predicate in step.SourcePredicates)
        {
            uint unwritten = mask & ~PredicatesWritten[predicate];
            if (unwritten != 0)
                throw UnwrittenRegister(step, unwritten, "a predicate");
        }
    }

    private int FirstZeroDivisor(PtxStep step, uint mask)
    {
        int unused = 64 - 8 * step.Instruction.Types[^1].Size();
        uint rest = mask;
        while (Registers[step.B + BitOperations.TrailingZeroCount(rest)] << unused != 0)
            rest &= rest - 1;
        return BitOperations.TrailingZeroCount(rest);
    }

    private PtxFaultException UnwrittenRegister(PtxStep step, uint lanes, string what) =>
        Fault(step, BitOperations.TrailingZeroCount(lanes), PtxFault.UninitialisedRegister, $"{what} that it reads has no value");
}
