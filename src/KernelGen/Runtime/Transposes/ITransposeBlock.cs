namespace KernelGen.Runtime;

/// <summary>A square block that one level transposes in registers.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal interface ITransposeBlock<T>
    where T : unmanaged
{
    /// <summary>Rows and columns, a power of two.</summary>
    static abstract int Size { get; }

    /// <summary>Whether its instructions exist here. A constant to the JIT.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Transposes one block.</summary>
    static abstract void Transpose(ref readonly T source, nint sourceStride, ref T destination, nint destinationStride);

    /// <summary>Transposes what blocks of this size do not fill.</summary>
    static abstract void Rest(ref readonly T source, nint sourceStride, ref T destination, nint destinationStride, int rows, int columns);
}
