namespace KernelGen.Gpu.Tests.Halves;

/// <summary>Whether a kernel multiplies on tensor cores: a type, so that the other path is gone before any back end sees it.</summary>
public interface IProductUnit
{
    bool IsTensorCore { get; }
}

public readonly struct OnTensorCore : IProductUnit
{
    public bool IsTensorCore => true;
}

public readonly struct OnThreads : IProductUnit
{
    public bool IsTensorCore => false;
}
