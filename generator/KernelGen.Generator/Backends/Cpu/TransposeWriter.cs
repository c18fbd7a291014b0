using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>Makes a tile's transposed copy anew from what an op has just written of it: of tokens, the rows [begin, end) or the columns [0, end).</summary>
internal sealed class TransposeWriter(OpContext context)
{
    public void Write(Tile tile)
    {
        TileMemory memory = context.Memory(tile);
        string level = context.Dialect.IsScalar ? "Scalar" : context.Dialect.Bits;
        (string from, string to, string rows) = tile.Rows.Tokens
            ? (OpContext.At(tile.Name, OpContext.Times("begin", memory.Stride)), $"Unsafe.Add(ref {tile.Name}T, begin)", "end - begin")
            : (tile.Name, tile.Name + "T", CodeWriter.Text(tile.Rows.Size));
        string columns = tile.Columns.Tokens ? "end" : CodeWriter.Text(tile.Columns.Size);
        context.Methods.Line($"TilePacking.Transpose{level}(ref {from}, {CodeWriter.Text(memory.Stride)}, ref {to}, {CodeWriter.Text(memory.TransposedStride)}, {rows}, {columns});");
    }
}
