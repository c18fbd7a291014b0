namespace KernelGen.Generator.Tiles;

/// <summary>
/// A named two-dimensional array that ops read and write. Value-equal: two tiles with the same name in one program are one tile.
/// </summary>
/// <param name="Name">As it appears in dumps and emitted code; an identifier.</param>
/// <param name="Role">Who owns the memory.</param>
/// <param name="Rows">Extent of the rows.</param>
/// <param name="Columns">Extent of the columns.</param>
internal sealed record Tile(string Name, TileRole Role, Extent Rows, Extent Columns)
{
    /// <summary>
    /// Whether one of the extents is the unit: such a tile is stored as a plain run of elements. A matrix of rows that happen to be one
    /// element wide (D or E is 1) is still a matrix, with padded rows.
    /// </summary>
    public bool IsVector => Rows.IsUnit || Columns.IsUnit;

    /// <summary>The tile that this one is some columns of; null where it is a tile of its own. Only maps write and read such parts, element by element; the first columns of a matrix may be a right factor too.</summary>
    public Tile? Whole { get; init; }

    /// <summary>Of <see cref="Whole"/>, where this one's columns begin.</summary>
    public int FirstColumn { get; init; }

    /// <summary>Some columns of this tile. Where several are written, the left ones come first: the padding of each lies where the next begins.</summary>
    /// <param name="name">Of the part.</param>
    /// <param name="first">First column.</param>
    /// <param name="count">How many.</param>
    public Tile Part(string name, int first, int count) => new(name, Role, Rows, Extent.Fixed(count)) { Whole = this, FirstColumn = first };

    /// <summary>Whether the memory is the caller's: rows are tokens, a run-time stride apart.</summary>
    public bool IsExternal => Role is TileRole.Input or TileRole.Output or TileRole.Flags or TileRole.Numbers;
}

internal enum TileRole
{
    /// <summary>The caller's tokens, read only. Row <c>begin</c> of the chunk is the chunk's first new token.</summary>
    Input,

    /// <summary>The caller's tokens, written once each.</summary>
    Output,

    /// <summary>One truth value a token of the caller's, all true where the caller gave none.</summary>
    Flags,

    /// <summary>One number a token of the caller's, in the program's own element type; the numbers of two tokens are a run-time stride apart.</summary>
    Numbers,

    /// <summary>A number that comes with the call, the same for every token of a sequence and head.</summary>
    Parameter,

    /// <summary>A matrix that comes with the call, laid out as tiles of our own are, its transposed copy behind it.</summary>
    Matrix,

    /// <summary>
    /// A right factor that comes with the call, packed for register tiles: runs of 128 bytes of columns, each run's rows one behind the other, so that a product reads
    /// it from end to end. Columns are padded to whole runs with zeros.
    /// </summary>
    Panels,

    /// <summary>Carried from chunk to chunk, and from call to call: the state at the last chunk boundary.</summary>
    State,

    /// <summary>Rows of the current chunk that the rest of the chunk still needs: carried from call to call while it is unfinished.</summary>
    Chunk,

    /// <summary>Lives within a chunk (or, written before the loop, within a call).</summary>
    Scratch,

    /// <summary>One for each chunk of a group: see <see cref="Windowing"/>.</summary>
    Slot,

    /// <summary>A number or a row a token that one phase leaves for the next.</summary>
    Tokens,
}

/// <summary>How far a tile reaches along an axis.</summary>
/// <param name="Size">Elements; the capacity where <paramref name="Tokens"/>.</param>
/// <param name="Tokens">
/// Whether the axis runs over the tokens of a chunk, of which [begin, end) are new in this call and [0, end) are valid.
/// </param>
/// <param name="IsUnit">Whether there is no such axis at all, rather than one whose size is 1.</param>
internal readonly record struct Extent(int Size, bool Tokens, bool IsUnit = false)
{
    public static Extent One => new(1, false, IsUnit: true);

    public static Extent Fixed(int size) => new(size, false);

    public static Extent Chunk(int size) => new(size, true);
}
