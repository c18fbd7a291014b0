using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// 32 threads of a block: registers by register and then by thread, a program counter a thread. Runs until its threads have exited or wait at a
/// barrier. Diverged threads run foremost first (<see cref="PtxBlockOrder"/>).
/// </summary>
internal sealed partial class PtxWarp
{
    public const int Size = 32;

    private readonly PtxProgram _program;
    private readonly int[] _pc = new int[Size];
    private readonly uint _all;
    private uint _parked;
    private bool _mustMeet;

    public PtxWarp(PtxBlock block, int index, int threads)
    {
        Block = block;
        Index = index;
        _program = block.Program;
        _all = threads - index * Size >= Size ? uint.MaxValue : (1u << threads - index * Size) - 1;
        Registers = new ulong[_program.RegisterCount * Size];
        Written = new uint[_program.RegisterCount];
        Predicates = new uint[_program.PredicateCount];
        PredicatesWritten = new uint[_program.PredicateCount];
        LocalStride = _program.LocalStates.Length;
        byte[] local = new byte[LocalStride * Size];
        Local = new MemoryRegion(PtxSpace.Local, "local memory", local, new byte[local.Length]);
        IsChecked = block.Machine.Options.DetectUninitialised;
    }

    public PtxBlock Block { get; }

    public int Index { get; }

    public ulong[] Registers { get; }

    /// <summary>Threads that wrote each register.</summary>
    public uint[] Written { get; }

    /// <summary>Values of each predicate, a bit a thread.</summary>
    public uint[] Predicates { get; }

    public uint[] PredicatesWritten { get; }

    public MemoryRegion Local { get; }

    public int LocalStride { get; }

    public bool IsChecked { get; }

    /// <summary>Threads that have not exited.</summary>
    public uint Live { get; private set; }

    /// <summary>Threads at a barrier.</summary>
    public uint Waiting { get; private set; }

    /// <summary>The barrier's step for each waiting thread.</summary>
    public int[] WaitingAt { get; } = new int[Size];

    /// <summary>What the warp's threads brought to a barrier that reduces.</summary>
    public uint BarrierVotes { get; private set; }

    /// <summary>Barriers of the warp alone since the block's last.</summary>
    public int WarpBarriers { get; private set; }

    /// <summary>Addresses of the access under way, for the counters.</summary>
    public ulong[] Addresses { get; } = new ulong[Size];

    /// <summary>Readies the warp for one block.</summary>
    public void Start()
    {
        Array.Clear(Written);
        Array.Clear(PredicatesWritten);
        Array.Clear(_pc);
        Array.Fill(Registers, 0xFFFF_FFFF_FFFF_FFFF);
        foreach ((int register, ulong value) in _program.Constants)
            Registers.AsSpan(register * Size, Size).Fill(value);
        foreach ((int register, string name) in _program.Specials)
        {
            for (int lane = 0; lane < Size; lane++)
                Registers[register * Size + lane] = Block.Special(name, Index, lane);
        }

        foreach ((int predicate, bool value) in _program.ConstantPredicates)
        {
            Predicates[predicate] = value ? uint.MaxValue : 0;
            PredicatesWritten[predicate] = uint.MaxValue;
        }

        Array.Fill(Local.Data, (byte)0xFF);
        for (int lane = 0; lane < Size; lane++)
            _program.LocalStates.CopyTo(Local.States!, lane * LocalStride);
        Live = _all;
        Waiting = _parked = 0;
        WarpBarriers = 0;
        Restamp();
        StartCopies();
    }

    /// <summary>Lets the threads that wait go on.</summary>
    public void Release()
    {
        Waiting = 0;
        WarpBarriers = 0;
        BarrierVotes = 0;
        Restamp();
    }

    /// <summary>Runs until every thread has exited or waits.</summary>
    public void Run()
    {
        while (true)
        {
            uint ready = Live & ~Waiting & ~_parked;
            if (ready == 0)
            {
                if (_parked == 0)
                    return;

                // Nobody else can arrive any more: those parked meet now, or never.
                ready = _parked & Live;
                _parked = 0;
                _mustMeet = true;
            }

            int first = int.MaxValue;
            int second = int.MaxValue;
            uint active = 0;
            for (uint rest = ready; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                int at = _pc[lane];
                if (at < first)
                {
                    second = first;
                    first = at;
                    active = 0;
                }

                if (at == first)
                    active |= 1u << lane;
                else if (at < second)
                    second = at;
            }

            RunGroup(first, active, second);
        }
    }

    // Runs threads that are at one step until they part, end, wait, or come to where others are.
    private void RunGroup(int pc, uint active, int limit)
    {
        PtxStep[] steps = _program.Steps;
        while (pc < limit)
        {
            PtxStep step = steps[pc];
            Block.TakeStep(step, this, active);
            uint mask = active;
            if (step.Guard >= 0)
                mask &= step.IsGuardNegated ? ~Predicates[step.Guard] : Predicates[step.Guard];
            if (IsChecked)
                CheckSources(step, active, mask);
            switch (step.Kind)
            {
                case PtxStepKind.Lanes:
                    if (mask != 0)
                        Execute(step, mask);
                    pc = step.Next;
                    continue;

                case PtxStepKind.Nothing:
                    pc = step.Next;
                    continue;

                case PtxStepKind.Warp:
                    if (mask == 0)
                    {
                        pc = step.Next;
                        continue;
                    }

                    uint missing = Missing(step, mask);
                    if (missing != 0)
                    {
                        if (_mustMeet)
                            throw Fault(step, BitOperations.TrailingZeroCount(missing), PtxFault.WarpDivergence, "this thread is elsewhere");
                        step.Count--;
                        _parked |= active;
                        Save(active, pc);
                        return;
                    }

                    _mustMeet = false;
                    Execute(step, mask);
                    pc = step.Next;
                    continue;

                case PtxStepKind.Branch:
                    if (mask == 0)
                    {
                        pc = step.Next;
                        continue;
                    }

                    if (mask == active)
                    {
                        pc = step.Target;
                        continue;
                    }

                    if (step.IsUniform)
                        throw Fault(step, BitOperations.TrailingZeroCount(mask), PtxFault.DivergentUniformBranch, "only some threads take it");
                    Save(mask, step.Target);
                    Save(active & ~mask, step.Next);
                    return;

                case PtxStepKind.BranchIndexed:
                    Save(active & ~mask, step.Next);
                    BranchIndexed(step, mask);
                    return;

                case PtxStepKind.Exit:
                    Live &= ~mask;
                    Save(active & ~mask, step.Next);
                    return;

                case PtxStepKind.Barrier:
                    Wait(step, pc, mask);
                    Save(active, step.Next);
                    return;
            }
        }

        Save(active, pc);
    }

    private void Execute(PtxStep step, uint mask)
    {
        try
        {
            step.Run(step, this, mask);
        }
        catch (DivideByZeroException)
        {
            throw Fault(step, FirstZeroDivisor(step, mask), PtxFault.DivisionByZero, "");
        }

        foreach (int register in step.Destinations)
            Written[register] |= mask;
        foreach (int predicate in step.DestinationPredicates)
            PredicatesWritten[predicate] |= mask;
    }

    private void Save(uint lanes, int pc)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            _pc[BitOperations.TrailingZeroCount(rest)] = pc;
    }

    // Threads that the instruction names, that still run, and that are not here. Those beyond the block's end count as exited.
    private uint Missing(PtxStep step, uint mask)
    {
        uint members = step.Members < 0 ? uint.MaxValue : (uint)Registers[step.Members + BitOperations.TrailingZeroCount(mask)];
        return members & Live & ~mask;
    }

    private void BranchIndexed(PtxStep step, uint mask)
    {
        ulong first = (uint)Registers[step.A + BitOperations.TrailingZeroCount(mask)];
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint index = (uint)Registers[step.A + lane];
            if (step.IsUniform && index != first)
                throw Fault(step, lane, PtxFault.DivergentUniformBranch, $"index {index}, another thread's {first}");
            if (index >= step.Targets.Length)
                throw Fault(step, lane, PtxFault.BranchOutOfTable, $"index {index} of {step.Targets.Length}");
            _pc[lane] = step.Targets[index];
        }
    }

    private void Wait(PtxStep step, int pc, uint mask)
    {
        Waiting |= mask;
        if (step.R >= 0)
            BarrierVotes |= mask & (step.IsRNegated ? ~Predicates[step.R] : Predicates[step.R]);
        for (uint rest = mask; rest != 0; rest &= rest - 1)
            WaitingAt[BitOperations.TrailingZeroCount(rest)] = pc;
    }
}
