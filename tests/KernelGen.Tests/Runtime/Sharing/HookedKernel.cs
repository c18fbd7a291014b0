using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime.Sharing;

/// <summary>The reference kernel of one declaration, with something of the test's done before every sweep and every backward phase.</summary>
internal readonly struct HookedKernel : IStateKernel<float>
{
    public static KernelTraits Traits => EluFloat.Traits;

    /// <summary>Gets the number of sweeps or phases before this one. One test at a time uses it.</summary>
    public static Action<int>? BeforeSweep { get; set; }

    public static int Sweeps;

    public static void Sweep(InstructionSet level, ref KernelFrame<float> frame)
    {
        BeforeSweep?.Invoke(Interlocked.Increment(ref Sweeps) - 1);
        ScalarKernel<EluFloat, float>.Sweep(level, ref frame);
    }

    public static void Read(InstructionSet level, ref KernelFrame<float> frame) => throw new InvalidOperationException("causal");

    public static void Contribute(InstructionSet level, ref KernelFrame<float> frame) => throw new InvalidOperationException("not cut");

    public static void Fold(InstructionSet level, ref KernelFrame<float> frame) => throw new InvalidOperationException("not cut");

    public static void Emit(InstructionSet level, ref KernelFrame<float> frame) => throw new InvalidOperationException("not cut");

    public static void Backward(InstructionSet level, int phase, PhasePart part, ref KernelFrame<float> frame)
    {
        BeforeSweep?.Invoke(Interlocked.Increment(ref Sweeps) - 1);
        ScalarKernel<EluFloat, float>.Backward(level, phase, part, ref frame);
    }
}
