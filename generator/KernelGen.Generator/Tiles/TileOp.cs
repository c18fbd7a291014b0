using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Tiles;

/// <summary>
/// One step of a tile program. The vocabulary is closed: <see cref="Map"/>, <see cref="Reduce"/>, <see cref="Gemm"/>,
/// <see cref="Running"/>, <see cref="ForChunks"/>, <see cref="Scan"/>. Loading, storing and filling are maps from, to and without operands; a decode step is a chunk of one row.
/// </summary>
internal abstract record TileOp
{
    /// <summary>What the op computes, in one line of mathematics, for dumps and for comments in emitted code.</summary>
    public required string Note { get; init; }

    /// <summary>
    /// target[r, c] = value(operands at r, c), for every assignment; all values are taken before anything is written. Rows of tokens
    /// run over the new ones, [begin, end). Rows whose <paramref name="Guard"/> is false become zero.
    /// </summary>
    public sealed record Map(EquatableArray<Assign> Assigns, EquatableArray<Operand> Operands, Tile? Guard = null, Region Region = Region.Full) : TileOp;

    /// <summary>
    /// A sum over one axis. Over columns: one result a row, added in 64 bytes of lanes (column c into lane c mod lanes, terms one after
    /// the other) and then in a fixed tree. Over rows: one result a column, added in order of the rows [0, end) from zero. In an assignment's value, operand
    /// 0 is the sum and operand i + 1 is <paramref name="Operands"/>[i]. <paramref name="Maximum"/>: not the sum but the greatest element, of a row's one term.
    /// </summary>
    public sealed record Reduce(Axis Over, EquatableArray<ReduceTerm> Terms, EquatableArray<Operand> Operands, EquatableArray<Assign> Assigns, bool Maximum = false) : TileOp;

    /// <summary>
    /// acc[i, j] = sum over terms, in order, and within each over k, in order, of A[i, k] B[k, j], in one accumulator from zero by fused
    /// multiply-adds; then every assignment, as in <see cref="Reduce"/>. Rows whose <paramref name="Guard"/> is false become zero.
    /// </summary>
    public sealed record Gemm(EquatableArray<GemmTerm> Terms, EquatableArray<Operand> Operands, EquatableArray<Assign> Assigns, Region Region = Region.Full, Tile? Guard = null) : TileOp
    {
        /// <summary>Whether the right factor is packed in panels: then there is one term, neither transposed nor a triangle, and whole rows are wanted.</summary>
        public bool HasPanels => Terms.Any(t => t.B.Role == TileRole.Panels);
    }

    /// <summary>
    /// For the new rows of column vectors, one after the other: target[r] = value(targets at r - 1, operands at r), all values taken before anything is written.
    /// In a value, operand i is the i-th target at the row before (in row 0 of a chunk the i-th of <paramref name="First"/>), and the
    /// operands come after the targets.
    /// </summary>
    public sealed record Running(EquatableArray<Assign> Assigns, EquatableArray<Expr> First, EquatableArray<Operand> Operands) : TileOp;

    /// <summary>
    /// Cuts a sequence into chunks. <paramref name="Body"/> runs for the new rows [begin, end) of each chunk.
    /// <paramref name="Close"/> runs when the chunk is full, or when the caller wants the tail folded in: then the state covers the chunk,
    /// and the next one starts empty. <paramref name="Grid"/> says where the chunks begin and in which order they come.
    /// </summary>
    public sealed record ForChunks(int Size, EquatableArray<TileOp> Body, EquatableArray<TileOp> Close, ChunkGrid Grid = ChunkGrid.Continued) : TileOp;

    /// <summary>
    /// For every chunk of <paramref name="Size"/> tokens, in the sweep's order: target = value(operands), element by element, all values taken before anything is
    /// written. Slots are the chunk's own, state tiles are carried from chunk to chunk; no element depends on another, so any run of them may be
    /// computed alone.
    /// </summary>
    public sealed record Scan(int Size, EquatableArray<Assign> Assigns, EquatableArray<Operand> Operands) : TileOp;
}

/// <summary>Writes <paramref name="Value"/> to <paramref name="Target"/>.</summary>
internal sealed record Assign(Tile Target, Expr Value);

/// <summary>A tile read by an expression.</summary>
internal sealed record Operand(Tile Tile, Broadcast By = Broadcast.None);

/// <summary>A term of a reduction: <paramref name="Value"/> over <paramref name="Operands"/>, whose shape is that of operand 0.</summary>
/// <param name="Lower">Whether elements right of the diagonal are known to be zero, so that whole blocks of them may be passed over.</param>
internal sealed record ReduceTerm(Expr Value, EquatableArray<Operand> Operands, bool Lower = false);

/// <summary>A product of a contraction. A transposed tile is used with rows and columns exchanged.</summary>
/// <param name="Triangle">Which elements of A (as it is used) are taken; no other is read.</param>
/// <param name="RowScale">A column vector that the accumulator's rows are multiplied by once this term (and what came before it) is summed.</param>
internal sealed record GemmTerm(Tile A, bool TransposeA, Tile B, bool TransposeB, Triangle Triangle = Triangle.Full, Tile? RowScale = null);

/// <summary>How an operand that has fewer elements than the op covers the op's elements.</summary>
internal enum Broadcast
{
    /// <summary>Element (r, c).</summary>
    None,

    /// <summary>Element r of a column vector.</summary>
    Row,

    /// <summary>Element c of a vector.</summary>
    Column,

    /// <summary>The element of the last valid row of a column vector of tokens.</summary>
    Last,

    /// <summary>The only element.</summary>
    Scalar,

    /// <summary>Element C - 1 - r + c of a vector of 2 C: a function of the distance r - c.</summary>
    Diagonal,

    /// <summary>Element (c, r).</summary>
    Transposed,
}

/// <summary>Which elements of a left factor are taken.</summary>
internal enum Triangle
{
    Full,

    /// <summary>A[i, k] for k &lt;= i.</summary>
    Lower,

    /// <summary>A[i, k] for k >= i: what a lower triangle is when it is transposed.</summary>
    Upper,
}

/// <summary>Where chunks begin, and in which order they come.</summary>
internal enum ChunkGrid
{
    /// <summary>From left to right, continuing the chunk that an earlier call left unfinished, and perhaps leaving one.</summary>
    Continued,

    /// <summary>From left to right, begun with the call: every chunk closes, the last one however short.</summary>
    LeftToRight,

    /// <summary>The chunks of <see cref="LeftToRight"/> in opposite order: the short one comes first.</summary>
    RightToLeft,
}

/// <summary>Which elements of a product or a map are wanted.</summary>
internal enum Region
{
    Full,

    /// <summary>Those with column &lt;= row; values right of the diagonal are computed only where a vector reaches over it.</summary>
    Lower,
}
