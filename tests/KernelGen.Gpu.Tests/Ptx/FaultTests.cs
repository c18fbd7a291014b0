using ILGPU;
using KernelGen.Gpu.Verification.Ptx;
using Xunit.Abstractions;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>One wrong kernel for each fault, and kernels that look like it and are right.</summary>
public sealed class FaultTests(ITestOutputHelper output) : PtxRun(output)
{
    private const int Threads = 64;

    private static void Copy(ArrayView<float> x, ArrayView<float> results, int offset)
    {
        int i = Group.IdxX;
        results[i] = x[i + offset];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1_000_000_000)]
    public void GlobalReadPastAnArray(int offset)
    {
        PtxMachine machine = Machine(Copy, Threads);
        DeviceArray x = machine.Upload(new float[Threads]);
        DeviceArray results = machine.Allocate<float>(Threads);
        PtxFaultException fault = Faults(PtxFault.GlobalOutOfBounds, () => machine.Launch(1, Threads, x, results, offset));
        Assert.Equal(offset == 1 ? Threads - 1 : 0, fault.Thread);
        Assert.Contains("ld.global", fault.Instruction, StringComparison.Ordinal);
        machine.Launch(1, Threads, x, results, 0);
    }

    [Fact]
    public void GlobalWritePastAnArray()
    {
        PtxMachine machine = Machine(Copy, Threads);
        DeviceArray x = machine.Upload(new float[Threads]);
        Assert.Equal(Threads - 1, Faults(PtxFault.GlobalOutOfBounds, () => machine.Launch(1, Threads, x, machine.Allocate<float>(Threads - 1), 0)).Thread);
    }

    [Fact]
    public void GlobalReadOfNothing()
    {
        PtxMachine machine = Machine(Copy, Threads);
        Faults(PtxFault.UninitialisedGlobal, () => machine.Launch(1, Threads, machine.Allocate<float>(Threads), machine.Allocate<float>(Threads), 0));
        PtxMachine lenient = Machine(Copy, Threads, new PtxOptions { DetectUninitialised = false });
        DeviceArray results = lenient.Allocate<float>(Threads);
        lenient.Launch(1, Threads, lenient.Allocate<float>(Threads), results, 0);
        Assert.All(results.ToArray<float>(), value => Assert.True(float.IsNaN(value)));
    }

    private static void SharedShift(ArrayView<float> x, ArrayView<float> results, int offset, int stride)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Threads);
        ArrayView<float> other = SharedMemory.Allocate<float>(Threads);
        int i = Group.IdxX;
        shared[i * stride] = x[i];
        other[i] = x[i];
        Group.Barrier();
        results[i] = shared[i + offset] + other[i];
    }

    [Theory]
    [InlineData(1, 1, PtxFault.SharedOutOfBounds)]
    [InlineData(-1, 1, PtxFault.SharedOutOfBounds)]
    [InlineData(0, 2, PtxFault.SharedOutOfBounds)]
    [InlineData(0, 0, PtxFault.SharedRace)]
    [InlineData(0, 1, null)]
    public void SharedMemoryPastAnAllocation(int offset, int stride, PtxFault? fault)
    {
        PtxMachine machine = Machine(SharedShift, Threads);
        void Launch() => machine.Launch(1, Threads, machine.Upload(new float[Threads]), machine.Allocate<float>(Threads), offset, stride);
        if (fault is { } expected)
            Faults(expected, Launch);
        else
            Launch();
    }

    private static void Exchange(ArrayView<float> x, ArrayView<float> results, int mask, int barriers)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Threads);
        int i = Group.IdxX;
        shared[i] = x[i];
        if (barriers == 1)
            Group.Barrier();
        else if (barriers == 2)
            Warp.Barrier();
        results[i] = shared[i ^ mask];
        if (barriers == 1)
            Group.Barrier();
        else if (barriers == 2)
            Warp.Barrier();
        shared[i ^ mask] = 1;
    }

    [Theory]
    [InlineData(1, 0, PtxFault.SharedRace)]
    [InlineData(1, 1, null)]
    [InlineData(1, 2, null)]
    [InlineData(32, 2, PtxFault.UninitialisedShared)]
    [InlineData(32, 1, null)]
    [InlineData(0, 0, null)]
    public void SharedRace_ByWhatStandsBetween(int mask, int barriers, PtxFault? fault)
    {
        PtxMachine machine = Machine(Exchange, Threads);
        void Launch() => machine.Launch(2, Threads, machine.Upload(new float[Threads]), machine.Upload(new float[2 * Threads]).View(0, Threads), mask, barriers);
        if (fault is { } expected)
            Faults(expected, () => machine.Launch(1, Threads, machine.Upload(new float[Threads]), machine.Allocate<float>(Threads), mask, barriers));
        else
            machine.Launch(1, Threads, machine.Upload(new float[Threads]), machine.Allocate<float>(Threads), mask, barriers);

        // Two blocks write the same results.
        if (fault is null)
            Faults(PtxFault.GlobalRace, Launch);
    }

    // The second barrier is missing: a fast warp overwrites what a slow one still reads.
    private static void Rotate(ArrayView<float> results, int rounds)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Threads);
        int i = Group.IdxX;
        float value = i;
        for (int round = 0; round < rounds; round++)
        {
            shared[i] = value;
            Group.Barrier();
            value = shared[(i + 1) & (Threads - 1)];
        }

        results[i] = value;
    }

    [Fact]
    public void SharedRace_AcrossALoopsTurns()
    {
        PtxMachine machine = Machine(Rotate, Threads);
        machine.Launch(1, Threads, machine.Allocate<float>(Threads), 1);
        PtxFaultException fault = Faults(PtxFault.SharedRace, () => machine.Launch(1, Threads, machine.Allocate<float>(Threads), 2));
        Assert.Contains("st.shared", fault.Instruction, StringComparison.Ordinal);
    }

    private static void Pairs(ArrayView<ushort> x, ArrayView<ushort> results)
    {
        ArrayView<ushort> shared = SharedMemory.Allocate<ushort>(Threads);
        int i = Group.IdxX;
        shared[i] = x[i];
        Group.Barrier();
        results[Threads - 1 - i] = shared[Threads - 1 - i];
    }

    [Fact]
    public void NeighboursOf16Bits_AreNoRace()
    {
        PtxMachine machine = Machine(Pairs, Threads);
        ushort[] x = [.. Enumerable.Range(0, Threads).Select(_ => (ushort)Random.Next(65536))];
        DeviceArray results = machine.Allocate<ushort>(Threads);
        machine.Launch(1, Threads, machine.Upload(x), results);
        Assert.Equal(x, results.ToArray<ushort>());
    }

    private static void SomeWait(ArrayView<float> results, int waiting)
    {
        int i = Group.IdxX;
        if (i < waiting)
            Group.Barrier();
        results[i] = i;
    }

    [Theory]
    [InlineData(32)]
    [InlineData(5)]
    [InlineData(63)]
    public void BarrierThatSomeMiss(int waiting)
    {
        PtxMachine machine = Machine(SomeWait, Threads);
        Assert.Equal(waiting, Faults(PtxFault.BarrierDivergence, () => machine.Launch(1, Threads, machine.Allocate<float>(Threads), waiting)).Thread);
        machine.Launch(1, Threads, machine.Allocate<float>(Threads), Threads);
    }

    private static void LocalArray(ArrayView<float> results, int count, int index)
    {
        ArrayView<float> local = LocalMemory.Allocate<float>(8);
        for (int j = 0; j < count; j++)
            local[j] = j;
        results[Group.IdxX] = local[index];
    }

    [Theory]
    [InlineData(8, 7, null)]
    [InlineData(7, 7, PtxFault.UninitialisedLocal)]
    [InlineData(9, 0, PtxFault.LocalOutOfBounds)]
    [InlineData(8, -1, PtxFault.LocalOutOfBounds)]
    public void LocalMemory_ByHowMuchIsWritten(int count, int index, PtxFault? fault)
    {
        PtxMachine machine = Machine(LocalArray, Threads);
        if (fault is { } expected)
            Faults(expected, () => machine.Launch(1, Threads, machine.Allocate<float>(Threads), count, index));
        else
            machine.Launch(1, Threads, machine.Allocate<float>(Threads), count, index);
    }

    [Theory]
    [InlineData("setp.lt.u32 %p0, %t, 7; @%p0 bra.uni END; mov.b32 %r0, 0; END:", PtxFault.DivergentUniformBranch)]
    [InlineData("setp.lt.u32 %p0, %t, 7; @%p0 mov.b32 %r0, 1; add.u32 %r1, %r0, 1;", PtxFault.UninitialisedRegister)]
    [InlineData("@%p3 mov.b32 %r0, 1;", PtxFault.UninitialisedRegister)]
    [InlineData("setp.lt.u32 %p0, %t, 7; @%p0 ret; shfl.sync.idx.b32 %r0, %t, 3, 31, -1;", PtxFault.WarpDivergence)]
    [InlineData("setp.lt.u32 %p0, %t, 7; @%p0 bra END; shfl.sync.bfly.b32 %r0, %t, 1, 31, -1; END: bar.sync 0;", PtxFault.WarpDivergence)]
    [InlineData("ld.global.v2.f32 {%f0, %f1}, [%pa];", PtxFault.Misaligned)]
    [InlineData("div.u32 %r0, %t, 0;", PtxFault.DivisionByZero)]
    [InlineData("LOOP: bra.uni LOOP;", PtxFault.StepLimit)]
    [InlineData("trap;", PtxFault.Trap)]
    [InlineData("T: .branchtargets A, B; A: B: brx.idx %t, T;", PtxFault.BranchOutOfTable)]
    public void Assembly_ThatIsWrong(string body, PtxFault fault)
    {
        PtxMachine machine = Assembly(body, options: new PtxOptions { StepLimit = 10_000 });
        DeviceArray array = machine.Upload(new float[Threads]);
        Faults(fault, () => machine.Launch(1, 32, array, array, array, array));
    }

    [Fact]
    public void ShuffleOfAHalfWarp_NeedsOnlyItsMembers()
    {
        PtxMachine machine = Assembly(
            "setp.ge.u32 %p0, %t, 16; @%p0 bra END; shfl.sync.bfly.b32 %r0, %t, 1, 31, 0xffff; st.global.b32 [%pd], %r0; END: bar.sync 0;");
        DeviceArray array = machine.Upload(new int[32]);
        machine.Launch(1, 32, array, array, array, array);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => i < 16 ? i ^ 1 : 0), array.ToArray<int>());
    }

    private static void Neighbours(ArrayView<float> x, int isShared)
    {
        long i = Group.IdxX + Grid.IdxX * (long)Group.DimX;
        x[i] = isShared == 0 ? x[i] + 1 : x[(i + Threads) & (2 * Threads - 1)];
    }

    [Fact]
    public void GlobalRace_BetweenBlocks()
    {
        PtxMachine machine = Machine(Neighbours, Threads);
        DeviceArray x = machine.Upload(new float[2 * Threads]);
        machine.Launch(2, Threads, x, 0);
        machine.Launch(2, Threads, x, 0);
        Assert.Equal((1, 0, 0), Faults(PtxFault.GlobalRace, () => machine.Launch(2, Threads, x, 1)).Block);
    }
}
