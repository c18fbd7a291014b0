using System.Globalization;

namespace KernelGen.Gpu.Verification.Sass;

/// <summary>One machine instruction.</summary>
/// <param name="Address">Its offset in the function, bytes.</param>
/// <param name="Predicate">The predicate that guards it, with <c>!</c> where negated, such as <c>!P0</c>; empty where none does.</param>
/// <param name="Opcode">Its name with modifiers, such as <c>LDS.128</c>.</param>
/// <param name="Operands">The rest of its text.</param>
public sealed record SassInstruction(int Address, string Predicate, string Opcode, string Operands)
{
    private static readonly HashSet<string> _integer =
    [
        "BMSK", "FLO", "IABS", "IADD", "IADD3", "IDP", "IMAD", "IMNMX", "ISETP", "LEA", "LOP3", "PLOP3", "POPC", "PRMT", "SEL", "SGXT", "SHF", "VIADD",
        "VIMNMX", "UBMSK", "UFLO", "UIADD3", "UIMAD", "UISETP", "ULEA", "ULOP3", "UPLOP3", "UPOPC", "UPRMT", "USEL", "USGXT", "USHF",
    ];

    /// <summary>Its name without modifiers.</summary>
    public string Name => Opcode.Split('.', 2)[0];

    /// <summary>What it is counted as.</summary>
    public SassKind Kind => Name switch
    {
        "FFMA" or "FFMA32I" => SassKind.Ffma,
        "FADD" or "FADD32I" or "FMUL" or "FMUL32I" => SassKind.FaddFmul,
        "HMMA" or "HGMMA" => SassKind.Hmma,
        "MUFU" => SassKind.Mufu,
        "LDS" => Has("128") ? SassKind.Lds128 : Has("64") ? SassKind.Lds64 : SassKind.Lds32,
        "LDSM" => SassKind.Ldsm,
        "STS" => SassKind.Sts,
        "LDG" => SassKind.Ldg,
        "STG" => SassKind.Stg,
        "LDGSTS" => SassKind.AsyncCopy,
        "LDL" or "STL" => SassKind.Local,
        "BAR" => SassKind.Barrier,
        _ => _integer.Contains(Name) ? SassKind.Int : SassKind.Other,
    };

    /// <summary>Bytes a thread of a load or store by its modifiers: 1, 2, 4, 8 or 16. Of no meaning for other instructions.</summary>
    public int AccessBytes =>
        Has("128") ? 16
        : Has("64") ? 8
        : Has("U16") || Has("S16") || Has("16") ? 2
        : Has("U8") || Has("S8") ? 1
        : 4;

    /// <summary>Address that it branches to; null where it is no branch, or one whose target the listing does not give.</summary>
    public int? BranchTarget
    {
        get
        {
            int at = Name == "BRA" ? Operands.LastIndexOf("0x", StringComparison.Ordinal) : -1;
            return at >= 0 && int.TryParse(Operands.AsSpan(at + 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int target) ? target : null;
        }
    }

    private bool Has(string modifier) => Opcode.Split('.').Skip(1).Contains(modifier);
}
