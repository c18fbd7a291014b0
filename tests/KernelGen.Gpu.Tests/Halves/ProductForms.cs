namespace KernelGen.Gpu.Tests.Halves;

/// <summary>How the factors of C += A B lie in memory. Rows of a tile are rows of memory; that is so of A^T where A is transposed.</summary>
public interface IProductForm
{
    /// <summary>Whether A is stored as its transpose, [k, m].</summary>
    bool IsLeftTransposed { get; }

    /// <summary>Whether B is stored as its transpose, [n, k].</summary>
    bool IsRightTransposed { get; }
}

/// <summary>A B, as in P V and Q S.</summary>
public readonly struct Plain : IProductForm
{
    public bool IsLeftTransposed => false;

    public bool IsRightTransposed => false;
}

/// <summary>A B^T, as in Q K^T.</summary>
public readonly struct RightTransposed : IProductForm
{
    public bool IsLeftTransposed => false;

    public bool IsRightTransposed => true;
}

/// <summary>A^T B, as in K^T V.</summary>
public readonly struct LeftTransposed : IProductForm
{
    public bool IsLeftTransposed => true;

    public bool IsRightTransposed => false;
}

/// <summary>A^T B^T.</summary>
public readonly struct BothTransposed : IProductForm
{
    public bool IsLeftTransposed => true;

    public bool IsRightTransposed => true;
}
