namespace KernelGen.Gpu.Verification.Sass;

/// <summary>Machine code of one function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Architecture">Its target, for example <c>sm_80</c>.</param>
/// <param name="Code">Its instructions in the order of their addresses.</param>
public sealed record SassFunction(string Name, string Architecture, IReadOnlyList<SassInstruction> Code)
{
    /// <summary>What all of it consists of, each instruction once.</summary>
    public SassMix Mix { get; } = new(Code);

    /// <summary>Its innermost loops, by address.</summary>
    public IReadOnlyList<SassLoop> Loops { get; } = SassLoop.InnermostOf(Code);
}
