using System.Globalization;
using ILGPU.Runtime;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Runner;

/// <summary>ILGPU's CPU accelerator in processes of its own: it needs nothing but the SDK.</summary>
public sealed class CpuAcceleratorTests
{
    [Fact]
    public void Launch_OfACorrectKernel_AgreesWithDoublePrecision() => ProofCases.Product(AcceleratorKind.Cpu, 16);

    [Fact]
    public void Launch_OfTwoGroups_RunsBoth()
    {
        (AcceleratorRun run, float[]? target) = ProofCases.Copy(AcceleratorKind.Cpu, nameof(ProofKernels.Rotate));
        Assert.True(run.Outcome == AcceleratorOutcome.Success, run.ToString());
        Assert.Equal(ProofCases.Rotated(), target);
    }

    [Theory]
    [InlineData(nameof(ProofKernels.ReadPastEnd))]
    [InlineData(nameof(ProofKernels.WritePastEnd))]
    [InlineData(nameof(ProofKernels.WritePastShared))]
    public void Launch_OfAnOverrun_IsABoundsFault(string method)
    {
        (AcceleratorRun run, _) = ProofCases.Copy(AcceleratorKind.Cpu, method);
        Assert.True(run.Outcome == AcceleratorOutcome.BoundsFault, run.ToString());
    }

    [Fact]
    public void Launch_OfAKernelThatLeavesElementsOut_ShowsNaN()
    {
        (AcceleratorRun run, float[]? target) = ProofCases.Copy(AcceleratorKind.Cpu, nameof(ProofKernels.AddToOutput));
        Assert.True(run.Outcome == AcceleratorOutcome.Success, run.ToString());
        Assert.All(target!, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Launch_OfAnEndlessKernel_IsKilledAtItsLimit()
    {
        TimeSpan limit = TimeSpan.FromSeconds(3);
        KernelCase kernel = KernelCase.Of(
            typeof(ProofKernels),
            nameof(ProofKernels.Endless),
            grid: 1,
            groupSize: 1,
            new BufferArgument(ElementType.Float, 1, Values: [1]),
            new BufferArgument(ElementType.Float, 1, Values: [0]));
        AcceleratorRun run = AcceleratorProcess.Launch(AcceleratorKind.Cpu, kernel, limit);
        Assert.True(run.Outcome == AcceleratorOutcome.TimeOut, run.ToString());
        Assert.InRange(run.Process.Elapsed, limit, limit * 5);
    }

    [Fact]
    public void Launch_OfEveryKindOfArgument_PassesEach()
    {
        using CaseFolder folder = new();
        BufferArgument singles = folder.InputOutput<float>([1.5f, float.MaxValue]);
        BufferArgument wides = folder.InputOutput<double>([1e300, -2]);
        BufferArgument smalls = folder.InputOutput<int>([int.MaxValue - 7, 1]);
        BufferArgument halves = folder.InputOutput<ushort>([65_534, 65_534]);
        BufferArgument larges = folder.InputOutput<long>([long.MinValue, 1]);
        KernelCase kernel = KernelCase.Of(
            typeof(ProofKernels),
            nameof(ProofKernels.EveryKind),
            grid: 1,
            groupSize: 2,
            CaseFolder.Scalar(0.1f),
            CaseFolder.Scalar(0.1),
            CaseFolder.Scalar(7),
            CaseFolder.Scalar(long.MaxValue),
            singles,
            wides,
            smalls,
            halves,
            larges);
        AcceleratorRun run = AcceleratorProcess.Launch(AcceleratorKind.Cpu, kernel, ProofCases.Limit);
        Assert.True(run.Outcome == AcceleratorOutcome.Success, run.ToString());
        Assert.Equal([1.5f + 0.1f, float.MaxValue], CaseFolder.Read<float>(singles));
        Assert.Equal([1e300, -2 + 0.1], CaseFolder.Read<double>(wides));
        Assert.Equal([int.MaxValue, 8], CaseFolder.Read<int>(smalls));
        Assert.Equal([65_534, 65_535], CaseFolder.Read<ushort>(halves));
        Assert.Equal([-1, long.MinValue], CaseFolder.Read<long>(larges));
    }

    [Theory]
    [InlineData("NoSuchKernel", ElementType.Float)]
    [InlineData(nameof(ProofKernels.Rotate), ElementType.Int)]
    public void Launch_OfAWrongCase_IsAFailure(string method, ElementType element)
    {
        BufferArgument buffer = new(element, ProofKernels.Group);
        AcceleratorRun run = AcceleratorProcess.Launch(
            AcceleratorKind.Cpu, KernelCase.Of(typeof(ProofKernels), method, 1, ProofKernels.Group, buffer, buffer), ProofCases.Limit);
        Assert.True(run.Outcome == AcceleratorOutcome.Failure, run.ToString());
    }

    [Theory]
    [InlineData("0", AcceleratorOutcome.Success)]
    [InlineData("7", AcceleratorOutcome.Failure)]
    public void Call_OfAMethod_ReturnsItsResult(string result, AcceleratorOutcome outcome)
    {
        AcceleratorRun run = AcceleratorProcess.Call(AcceleratorKind.Cpu, typeof(CalledMethods), nameof(CalledMethods.Echo), [result, "two words"], ProofCases.Limit);
        Assert.True(run.Outcome == outcome, run.ToString());
        Assert.Equal(int.Parse(result, CultureInfo.InvariantCulture), run.Process.ExitCode);
        Assert.Contains("two words on CPU, 256 threads", run.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_OfAMethodThatThrows_IsAFailureWithItsMessage()
    {
        AcceleratorRun run = AcceleratorProcess.Call(AcceleratorKind.Cpu, typeof(CalledMethods), nameof(CalledMethods.Throw), [], ProofCases.Limit);
        Assert.True(run.Outcome == AcceleratorOutcome.Failure, run.ToString());
        Assert.Contains("as it should", run.Process.Errors, StringComparison.Ordinal);
    }

    /// <summary>Called in the runner's process.</summary>
    public static class CalledMethods
    {
        public static int Echo(Accelerator accelerator, string[] arguments)
        {
            Console.WriteLine($"{arguments[1]} on {accelerator.AcceleratorType}, {accelerator.MaxNumThreadsPerGroup} threads");
            return int.Parse(arguments[0], CultureInfo.InvariantCulture);
        }

        public static int Throw(Accelerator accelerator, string[] arguments) =>
            throw new InvalidOperationException($"as it should, with {arguments.Length} arguments on {accelerator.Name}");
    }
}
