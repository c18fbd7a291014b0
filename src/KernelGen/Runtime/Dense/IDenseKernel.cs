using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>What generated code of one dense layer gives the runtime. Implemented by generated code only, as a struct with static members.</summary>
/// <typeparam name="T">Element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IDenseKernel<T>
    where T : unmanaged
{
    /// <summary>Constant facts of the layer.</summary>
    static abstract DenseTraits Traits { get; }

    /// <summary>Runs a phase over a block of rows.</summary>
    /// <param name="level">Which kernels.</param>
    /// <param name="phase">A phase that the layer has.</param>
    /// <param name="frame">The block: at most <see cref="DenseTraits.Rows"/> of the phase.</param>
    static abstract void Run(InstructionSet level, DensePhase phase, ref DenseFrame<T> frame);
}

/// <summary>Phases of a dense layer.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum DensePhase
{
    /// <summary>y = f(h W^T + b).</summary>
    Forward = 0,

    /// <summary>h, where it is not x.</summary>
    Inputs = 1,

    /// <summary>dz, where it is not dy.</summary>
    Slopes = 2,

    /// <summary>dh += dz W.</summary>
    InputGradient = 3,

    /// <summary>dx (and du) from dh, where h is not x.</summary>
    InputBackward = 4,

    /// <summary>dW += dz^T h.</summary>
    WeightGradient = 5,
}
