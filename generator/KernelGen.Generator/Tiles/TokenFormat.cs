namespace KernelGen.Generator.Tiles;

/// <summary>How the caller's tokens are stored. Every other tile is of the program's own element type, and so is what ops read and write.</summary>
internal enum TokenFormat
{
    /// <summary>In the program's element type.</summary>
    Element,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16,
}
