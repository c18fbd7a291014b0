namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>What an instruction names.</summary>
public abstract record PtxOperand;

/// <summary>A register; a predicate may be negated.</summary>
public sealed record PtxRegisterOperand(PtxRegister Register, bool IsNegated) : PtxOperand;

/// <summary>A constant: its bits, as wide as <paramref name="Type"/> (<see cref="PtxType.S64"/> for integers).</summary>
public sealed record PtxImmediate(ulong Bits, PtxType Type) : PtxOperand;

/// <summary>A special register by its name, such as "%tid.x".</summary>
public sealed record PtxSpecial(string Name) : PtxOperand;

/// <summary>The address of a variable.</summary>
public sealed record PtxSymbol(PtxVariable Variable) : PtxOperand;

/// <summary>A memory operand: register, symbol or constant, and a number of bytes beyond it.</summary>
public sealed record PtxAddress(PtxOperand Base, long Offset) : PtxOperand;

/// <summary>Several registers or constants in braces, or in the brackets of a call.</summary>
public sealed record PtxVector(IReadOnlyList<PtxOperand> Items) : PtxOperand;

/// <summary>Two destinations, as in "%p1|%p2".</summary>
public sealed record PtxPair(PtxOperand First, PtxOperand Second) : PtxOperand;

/// <summary>A destination that nobody reads, "_".</summary>
public sealed record PtxSink : PtxOperand;

/// <summary>A label, or the name of a function; labels are looked up in the scope where they stand.</summary>
public sealed record PtxName(string Name, PtxScope Scope) : PtxOperand;
