namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>One instruction of the text.</summary>
/// <param name="Opcode">First part of the mnemonic.</param>
/// <param name="Mnemonic">All of it, as "ld.shared.v4.f32".</param>
/// <param name="Modifiers">Its parts but the first and the types.</param>
/// <param name="Types">Its types, in order.</param>
/// <param name="Operands">What it names.</param>
/// <param name="Guard">The predicate before it, or null.</param>
/// <param name="Line">Line in the PTX, from 1.</param>
/// <param name="Text">Its text.</param>
public sealed record PtxInstruction(
    PtxOpcode Opcode,
    string Mnemonic,
    IReadOnlyList<string> Modifiers,
    IReadOnlyList<PtxType> Types,
    IReadOnlyList<PtxOperand> Operands,
    PtxRegisterOperand? Guard,
    int Line,
    string Text);
