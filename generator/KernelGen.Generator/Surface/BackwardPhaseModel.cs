namespace KernelGen.Generator.Surface;

/// <summary>A phase of the backward pass: <c>KernelGen.Runtime.BackwardPhase</c>.</summary>
/// <param name="Name">Method of the kernels' classes; the name of the tokens that it runs over (<c>KernelGen.Runtime.BackwardTokens</c>).</param>
/// <param name="IsReversed">Whether it runs from right to left.</param>
/// <param name="Folds">Whether its chunks fold anything into the block.</param>
/// <param name="Window">Slots of the phase cut along the sequence, whose methods have its name before theirs; null where it folds nothing, or cannot be cut.</param>
internal sealed record BackwardPhaseModel(string Name, bool IsReversed, bool Folds, WindowLayout? Window);
