using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

public sealed class PrefetchTests
{
    [Theory]
    [InlineData(0, 4, 256)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 0, 256)]
    [InlineData(0, -1, 256)]
    [InlineData(0, 3, 0)]
    [InlineData(2, 4, 256)]
    [InlineData(4, 2, 256)]
    public void Rows_EvenFarBeyondTheArray_NeitherFaultNorChangeAnything(int first, int last, int bytesPerRow)
    {
        float[] floats = [1, 2, 3];
        double[] doubles = [1, 2, 3];
        // Rows a gibibyte apart lie in no memory of this process.
        Prefetch.Rows(in floats[1], 1 << 28, first, last, bytesPerRow);
        Prefetch.Rows(in doubles[1], -(1 << 27), first, last, bytesPerRow);
        Assert.Equal([1f, 2f, 3f], floats);
        Assert.Equal([1.0, 2.0, 3.0], doubles);
    }
}
