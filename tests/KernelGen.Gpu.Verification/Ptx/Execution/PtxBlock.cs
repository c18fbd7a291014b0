using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>One thread block: its warps run one after the other from barrier to barrier.</summary>
internal sealed class PtxBlock
{
    /// <summary>The special registers that have a value here.</summary>
    public static readonly HashSet<string> Specials =
    [
        "%tid.x", "%tid.y", "%tid.z", "%ntid.x", "%ntid.y", "%ntid.z", "%ctaid.x", "%ctaid.y", "%ctaid.z", "%nctaid.x", "%nctaid.y", "%nctaid.z",
        "%gridid", "%laneid", "%warpid", "%nwarpid", "%lanemask_eq", "%lanemask_lt", "%lanemask_le", "%lanemask_gt", "%lanemask_ge", "%dynamic_smem_size",
    ];

    private readonly PtxWarp[] _warps;
    private readonly (int X, int Y, int Z) _grid;
    private readonly int _threads;
    private long _steps;

    public PtxBlock(PtxMachine machine, PtxProgram program, (int X, int Y, int Z) grid, int threads, byte[] parameters)
    {
        Machine = machine;
        Program = program;
        Parameters = parameters;
        _grid = grid;
        _threads = threads;
        Shared = new MemoryRegion(PtxSpace.Shared, "shared memory", new byte[program.SharedStates.Length], new byte[program.SharedStates.Length]);
        _warps = [.. Enumerable.Range(0, (threads + PtxWarp.Size - 1) / PtxWarp.Size).Select(index => new PtxWarp(this, index, threads))];
    }

    public PtxMachine Machine { get; }

    public PtxProgram Program { get; }

    /// <summary>The launch's arguments.</summary>
    public byte[] Parameters { get; }

    public MemoryRegion Shared { get; }

    public (int X, int Y, int Z) Position { get; private set; }

    public int Number { get; private set; }

    /// <summary>Barriers that the block has passed.</summary>
    public int Barriers { get; private set; }

    /// <summary>Runs the block at one place of the grid.</summary>
    /// <returns>Barriers that it passed.</returns>
    public int Run(int x, int y, int z)
    {
        Position = (x, y, z);
        Number = (z * _grid.Y + y) * _grid.X + x;
        Barriers = 0;
        _steps = Machine.Options.StepLimit;
        Array.Fill(Shared.Data, (byte)0xFF);
        Program.SharedStates.CopyTo(Shared.States!, 0);
        Shared.ResetStamps(Machine.Options.DetectRaces, Program.SharedGranuleShift);
        foreach (PtxWarp warp in _warps)
            warp.Start();

        do
        {
            foreach (PtxWarp warp in _warps)
                warp.Run();
        }
        while (PassBarrier());
        return Barriers;
    }

    /// <summary>Counts a step of a warp.</summary>
    public void TakeStep(PtxStep step, PtxWarp warp, uint active)
    {
        step.Count++;
        if (--_steps < 0)
            throw warp.Fault(step, BitOperations.TrailingZeroCount(active), PtxFault.StepLimit, $"{Machine.Options.StepLimit} warp instructions");
    }

    public ulong Special(string name, int warp, int lane) => name switch
    {
        "%tid.x" => (ulong)(warp * PtxWarp.Size + lane),
        "%ntid.x" => (ulong)_threads,
        "%ctaid.x" => (ulong)Position.X,
        "%ctaid.y" => (ulong)Position.Y,
        "%ctaid.z" => (ulong)Position.Z,
        "%nctaid.x" => (ulong)_grid.X,
        "%nctaid.y" => (ulong)_grid.Y,
        "%nctaid.z" => (ulong)_grid.Z,
        "%tid.y" or "%tid.z" or "%gridid" or "_" => 0,
        "%ntid.y" or "%ntid.z" => 1,
        "%laneid" => (ulong)lane,
        "%warpid" => (ulong)warp,
        "%nwarpid" => (ulong)_warps.Length,
        "%lanemask_eq" => 1u << lane,
        "%lanemask_lt" => (1u << lane) - 1,
        "%lanemask_le" => uint.MaxValue >> 31 - lane,
        "%lanemask_gt" => ~(uint.MaxValue >> 31 - lane),
        "%lanemask_ge" => ~((1u << lane) - 1),
        "%dynamic_smem_size" => (ulong)Machine.Options.DynamicSharedBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    // Every thread must have come to the same barrier; one that exited never will.
    private bool PassBarrier()
    {
        PtxWarp? waiting = Array.Find(_warps, warp => warp.Waiting != 0);
        if (waiting is null)
            return false;

        int at = waiting.WaitingAt[BitOperations.TrailingZeroCount(waiting.Waiting)];
        PtxStep step = Program.Steps[at];
        int votes = 0;
        for (int thread = 0; thread < _threads; thread++)
        {
            PtxWarp warp = _warps[thread / PtxWarp.Size];
            int lane = thread % PtxWarp.Size;
            if ((warp.Waiting >> lane & 1) == 0)
                throw warp.Fault(step, lane, PtxFault.BarrierDivergence, "this thread exited, others wait");
            if (warp.WaitingAt[lane] != at)
                throw warp.Fault(step, lane, PtxFault.BarrierDivergence, $"this thread waits at line {Program.Steps[warp.WaitingAt[lane]].Instruction.Line}");
            votes += (int)(warp.BarrierVotes >> lane & 1);
        }

        if (Barriers == AccessStamp.MaxBarriers)
            throw new NotSupportedException($"More than {AccessStamp.MaxBarriers} barriers in a block.");
        Barriers++;
        foreach (PtxWarp warp in _warps)
        {
            if (step.R >= 0)
                BarrierOperations.Give(step, warp, warp.Waiting, votes, _threads);
            warp.Release();
        }

        return true;
    }
}
