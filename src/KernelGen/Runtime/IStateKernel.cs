using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>
/// What a generated class gives the runtime: its constant facts and its phases. Implemented by generated code only, as a struct with
/// static members, so that <c>StateDriver</c> is specialised per declaration.
/// </summary>
/// <typeparam name="T">Element type of states and arithmetic.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateKernel<T>
    where T : unmanaged
{
    /// <summary>Constant facts of the declaration.</summary>
    static abstract KernelTraits Traits { get; }

    /// <summary>
    /// Causal: consumes <see cref="KernelFrame{T}.Length"/> tokens of one sequence and head, continuing the unfinished chunk, and writes
    /// their outputs. Not causal: folds the keys and values into the state (no outputs).
    /// </summary>
    static abstract void Sweep(InstructionSet level, ref KernelFrame<T> frame);

    /// <summary>Not causal: reads the finished state with <see cref="KernelFrame{T}.Length"/> query tokens. Causal: not called.</summary>
    static abstract void Read(InstructionSet level, ref KernelFrame<T> frame);

    /// <summary>
    /// What <see cref="Sweep"/> would add to the state for each of the whole chunks that <see cref="KernelFrame{T}.Length"/> tokens are, into the chunks' slots.
    /// The state proper is neither read nor written; the block's unfinished chunk is scratch.
    /// </summary>
    static abstract void Contribute(InstructionSet level, ref KernelFrame<T> frame);

    /// <summary>
    /// Adds the slots' sums to the state in the order of the chunks, and leaves in each slot what outputs need of the state before it: for the elements
    /// [<see cref="KernelFrame{T}.SlotBegin"/>, <see cref="KernelFrame{T}.SlotEnd"/>) of the sums.
    /// </summary>
    static abstract void Fold(InstructionSet level, ref KernelFrame<T> frame);

    /// <summary>The outputs of whole chunks from the states in their slots. The state proper is neither read nor written; the block's unfinished chunk is scratch.</summary>
    static abstract void Emit(InstructionSet level, ref KernelFrame<T> frame);

    /// <summary>A phase of the backward pass, 0 to the number of <see cref="BackwardTraits.Phases"/> less one, or a part of it, over <see cref="KernelFrame{T}.Length"/> tokens.</summary>
    static abstract void Backward(InstructionSet level, int phase, PhasePart part, ref KernelFrame<T> frame);
}
