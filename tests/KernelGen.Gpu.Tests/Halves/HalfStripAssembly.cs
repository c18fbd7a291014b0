namespace KernelGen.Gpu.Tests.Halves;

/// <summary>
/// Sixteen steps of a strip of 16 x 64 sums as one inline text: what comes out of a text lies in memory for ILGPU, so that one text of 24 products is compiled four times as
/// fast as 24 texts, to the same machine code. Operands: %0 to %31 the sums, %32 to %35 the left factor's lead, %36 the byte of this thread's row of the right factor with its
/// steps counted in, %37 where shared memory begins, %38 to %41 the left factor's rest.
/// </summary>
internal static class HalfStripAssembly
{
    /// <summary>Rows of the right factor are n, and whole: A B^T.</summary>
    public const string RightTransposed =
        "{ .reg .b32 at, b0, b1, b2, b3; "
        + Row0 + Load + Lead0 + Row1 + Load + Lead1 + Row2 + Load + Lead2 + Row3 + Load + Lead3 + "}";

    /// <summary>Both factors split.</summary>
    public const string RightTransposedSplit =
        "{ .reg .b32 at, b0, b1, b2, b3; "
        + Row0 + Load + Lead0 + Rest0 + LoadRest + Lead0 + Row1 + Load + Lead1 + Rest1 + LoadRest + Lead1
        + Row2 + Load + Lead2 + Rest2 + LoadRest + Lead2 + Row3 + Load + Lead3 + Rest3 + LoadRest + Lead3 + "}";

    /// <summary>Rows of the right factor are k: A B.</summary>
    public const string Plain =
        "{ .reg .b32 at, b0, b1, b2, b3; "
        + Column0 + Turn + Lead0 + Column1 + Turn + Lead1 + Column2 + Turn + Lead2 + Column3 + Turn + Lead3 + "}";

    /// <summary>The left factor split.</summary>
    public const string PlainLeftSplit =
        "{ .reg .b32 at, b0, b1, b2, b3; "
        + Column0 + Turn + Lead0 + Rest0 + Column1 + Turn + Lead1 + Rest1 + Column2 + Turn + Lead2 + Rest2 + Column3 + Turn + Lead3 + Rest3 + "}";

    /// <summary>The right factor split.</summary>
    public const string PlainRightSplit =
        "{ .reg .b32 at, b0, b1, b2, b3; "
        + Column0 + Turn + Lead0 + TurnRest + Lead0 + Column1 + Turn + Lead1 + TurnRest + Lead1
        + Column2 + Turn + Lead2 + TurnRest + Lead2 + Column3 + Turn + Lead3 + TurnRest + Lead3 + "}";

    /// <summary>Both factors split.</summary>
    public const string PlainSplit =
        "{ .reg .b32 at, b0, b1, b2, b3; "
        + Column0 + Turn + Lead0 + Rest0 + TurnRest + Lead0 + Column1 + Turn + Lead1 + Rest1 + TurnRest + Lead1
        + Column2 + Turn + Lead2 + Rest2 + TurnRest + Lead2 + Column3 + Turn + Lead3 + Rest3 + TurnRest + Lead3 + "}";

    // Sixteen columns on are sixteen rows down where rows are n, and two words of 16 bytes on, whatever the swizzle, where they are k.
    private const string Row0 = "add.u32 at, %36, %37; ";
    private const string Row1 = "add.u32 at, %36, 2048; add.u32 at, at, %37; ";
    private const string Row2 = "add.u32 at, %36, 4096; add.u32 at, at, %37; ";
    private const string Row3 = "add.u32 at, %36, 6144; add.u32 at, at, %37; ";
    private const string Column0 = Row0;
    private const string Column1 = "xor.b32 at, %36, 32; add.u32 at, at, %37; ";
    private const string Column2 = "xor.b32 at, %36, 64; add.u32 at, at, %37; ";
    private const string Column3 = "xor.b32 at, %36, 96; add.u32 at, at, %37; ";

    // The rest lies a tile, 8,192 bytes, behind the lead.
    private const string Load = "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b0, b1, b2, b3}, [at]; ";
    private const string LoadRest = "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b0, b1, b2, b3}, [at+8192]; ";
    private const string Turn = "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b0, b1, b2, b3}, [at]; ";
    private const string TurnRest = "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b0, b1, b2, b3}, [at+8192]; ";

    private const string Multiply = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ";
    private const string Lead = ", {%32, %33, %34, %35}, ";
    private const string Rest = ", {%38, %39, %40, %41}, ";
    private const string First = "{b0, b1}, ";
    private const string Second = "{b2, b3}, ";

    private const string C0 = "{%0, %1, %2, %3}";
    private const string C1 = "{%4, %5, %6, %7}";
    private const string C2 = "{%8, %9, %10, %11}";
    private const string C3 = "{%12, %13, %14, %15}";
    private const string C4 = "{%16, %17, %18, %19}";
    private const string C5 = "{%20, %21, %22, %23}";
    private const string C6 = "{%24, %25, %26, %27}";
    private const string C7 = "{%28, %29, %30, %31}";

    private const string Lead0 = Multiply + C0 + Lead + First + C0 + "; " + Multiply + C1 + Lead + Second + C1 + "; ";
    private const string Lead1 = Multiply + C2 + Lead + First + C2 + "; " + Multiply + C3 + Lead + Second + C3 + "; ";
    private const string Lead2 = Multiply + C4 + Lead + First + C4 + "; " + Multiply + C5 + Lead + Second + C5 + "; ";
    private const string Lead3 = Multiply + C6 + Lead + First + C6 + "; " + Multiply + C7 + Lead + Second + C7 + "; ";
    private const string Rest0 = Multiply + C0 + Rest + First + C0 + "; " + Multiply + C1 + Rest + Second + C1 + "; ";
    private const string Rest1 = Multiply + C2 + Rest + First + C2 + "; " + Multiply + C3 + Rest + Second + C3 + "; ";
    private const string Rest2 = Multiply + C4 + Rest + First + C4 + "; " + Multiply + C5 + Rest + Second + C5 + "; ";
    private const string Rest3 = Multiply + C6 + Rest + First + C6 + "; " + Multiply + C7 + Rest + Second + C7 + "; ";
}
