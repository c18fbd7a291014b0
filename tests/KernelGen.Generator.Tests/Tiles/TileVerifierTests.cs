using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Tests.Tiles;

/// <summary>Programs that mean nothing are refused, each for its own reason; their sound neighbours are not.</summary>
public class TileVerifierTests
{
    private static readonly Extent s_tokens = Extent.Chunk(16);
    private static readonly Tile s_input = new("x", TileRole.Input, s_tokens, Extent.Fixed(4));
    private static readonly Tile s_rows = new("rows", TileRole.Scratch, s_tokens, Extent.Fixed(4));
    private static readonly Tile s_square = new("square", TileRole.Scratch, s_tokens, s_tokens);
    private static readonly Tile s_turned = new("turned", TileRole.Scratch, Extent.Fixed(4), s_tokens);
    private static readonly Tile s_left = new("left", TileRole.Tokens, s_tokens, Extent.One);
    private static readonly Tile s_flags = new("flags", TileRole.Flags, s_tokens, Extent.One);
    private static readonly Expr s_first = new Expr.Arg(0);

    private static readonly TileOp s_load = Map(s_rows, new Operand(s_input));
    private static readonly TileOp s_sum =
        new TileOp.Reduce(Axis.Column, new[] { new ReduceTerm(s_first, new[] { new Operand(s_rows) }) }, EquatableArray<Operand>.Empty, new[] { new Assign(s_left, s_first) }) { Note = "sum" };

    private static readonly TileOp s_triangle = Gemm(s_square, new GemmTerm(s_rows, false, s_rows, true));
    private static readonly TileOp s_turn = Gemm(s_turned, new GemmTerm(s_rows, true, s_square, false));

    [Fact]
    public void Verify_SoundProgram_HasNoFaults() => Assert.Empty(TileVerifier.Verify(Program(
        ChunkGrid.RightToLeft,
        s_load,
        s_sum,
        s_triangle,
        s_turn,
        Gemm(s_rows, new GemmTerm(s_square, true, s_rows, false, Triangle.Upper)),
        Map(s_rows, new Operand(s_turned, Broadcast.Transposed)),
        Map(s_rows, new Operand(s_left, Broadcast.Row)))));

    [Fact]
    public void Verify_TokensInAContinuedGrid_AreRefused() =>
        AssertFault("left needs chunks that begin with the call", ChunkGrid.Continued, s_load, s_sum);

    [Fact]
    public void Verify_TokensWrittenByAMap_AreRefused() =>
        AssertFault("left is written by row sums and running ops only", ChunkGrid.LeftToRight, Map(s_left, new Operand(s_left)));

    [Fact]
    public void Verify_TokensOfAFixedNumberOfRows_AreRefused() =>
        AssertFault("fixed is not by token", ChunkGrid.LeftToRight, Map(s_rows, new Operand(new Tile("fixed", TileRole.Tokens, Extent.Fixed(4), Extent.One))));

    [Fact]
    public void Verify_TriangleOfARectangle_IsRefused() =>
        AssertFault("rows is not a triangle", ChunkGrid.LeftToRight, s_load, s_triangle, Gemm(s_turned, new GemmTerm(s_rows, true, s_square, false, Triangle.Upper)));

    [Fact]
    public void Verify_LowerMapOfARectangle_IsRefused() => AssertFault(
        "rows has no diagonal", ChunkGrid.LeftToRight, new TileOp.Map(new[] { new Assign(s_rows, s_first) }, new[] { new Operand(s_input) }, Region: Region.Lower) { Note = "lower" });

    [Fact]
    public void Verify_TransposedOperandOfTheSameShape_IsRefused() =>
        AssertFault("rows by Transposed does not cover rows", ChunkGrid.LeftToRight, s_load, Map(s_rows, new Operand(s_rows, Broadcast.Transposed)));

    [Fact]
    public void Verify_GuardOfOtherRows_IsRefused() => AssertFault(
        "flags does not guard the rows of turned",
        ChunkGrid.LeftToRight,
        s_load,
        s_triangle,
        new TileOp.Gemm(new[] { new GemmTerm(s_rows, true, s_square, false) }, EquatableArray<Operand>.Empty, new[] { new Assign(s_turned, s_first) }, Guard: s_flags) { Note = "guarded" });

    private static void AssertFault(string fault, ChunkGrid grid, params TileOp[] ops) =>
        Assert.Contains(TileVerifier.Verify(Program(grid, ops)), found => found.EndsWith(fault, StringComparison.Ordinal));

    private static TileProgram Program(ChunkGrid grid, params TileOp[] ops) =>
        new("Seeded", 4, new TileOp[] { new TileOp.ForChunks(16, ops, EquatableArray<TileOp>.Empty, grid) { Note = "chunks" } });

    private static TileOp Map(Tile target, Operand operand) => new TileOp.Map(new[] { new Assign(target, s_first) }, new[] { operand }) { Note = "map" };

    private static TileOp Gemm(Tile target, GemmTerm term) => new TileOp.Gemm(new[] { term }, EquatableArray<Operand>.Empty, new[] { new Assign(target, s_first) }) { Note = "gemm" };
}
