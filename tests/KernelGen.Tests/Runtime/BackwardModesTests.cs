using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class BackwardModesTests
{
    [Theory]
    [InlineData(OutputMode.Stream, OutputMode.Stream, OutputMode.Stream)]
    [InlineData(OutputMode.Stream, OutputMode.Stage, OutputMode.Stage)]
    [InlineData(OutputMode.Stage, OutputMode.Stage, OutputMode.Stage)]
    [InlineData(OutputMode.Stream, OutputMode.Store, OutputMode.Store)]
    [InlineData(OutputMode.Stage, OutputMode.Store, OutputMode.Store)]
    [InlineData(OutputMode.Store, OutputMode.Store, OutputMode.Store)]
    internal void Common_TwoModes_SuitsBoth(OutputMode a, OutputMode b, OutputMode expected)
    {
        Assert.Equal(expected, BackwardModes.Common(a, b));
        Assert.Equal(expected, BackwardModes.Common(b, a));
    }

    [Fact]
    public void Of_Phase_FurtherHeadsOfAGroupAdd()
    {
        var modes = new BackwardModes(OutputMode.Stream, OutputMode.Stage);

        Assert.Equal(OutputMode.Stream, modes.Of(BackwardTokens.Queries, isFirstOfGroup: false));
        Assert.Equal(OutputMode.Stage, modes.Of(BackwardTokens.Keys, isFirstOfGroup: true));
        Assert.Equal(OutputMode.Add, modes.Of(BackwardTokens.Keys, isFirstOfGroup: false));
        Assert.Equal(OutputMode.Store, modes.Of(BackwardTokens.State, isFirstOfGroup: false));
    }

    [Fact]
    public void Choose_SizeAndGroup_OrdinaryStoresWhereAnythingIsSmallOrAddedTo()
    {
        const long large = OutputStore.StreamedBytes;
        KernelTraits wide = EluFloat.Traits with { HeadDim = 64, FeatureDim = 64, ValueDim = 32 };
        var shape = new AttentionShape(1, 6, 4);

        Assert.Equal((OutputMode.Store, OutputMode.Store), Choose(shape, 1, 1, 1, offset: 0));
        Assert.Equal((OutputMode.Stream, OutputMode.Stream), Choose(shape, large, large, large, offset: 0));
        Assert.Equal((OutputMode.Stage, OutputMode.Stage), Choose(shape, large, large, large, offset: 16));
        Assert.Equal((OutputMode.Stream, OutputMode.Store), Choose(shape, large, large, 1, offset: 0));
        Assert.Equal((OutputMode.Stream, OutputMode.Store), Choose(shape with { KeyValueHeads = 2 }, large, large, large, offset: 0));
        wide = wide with { DType = DType.BFloat16 };
        Assert.Equal((OutputMode.Stream, OutputMode.Keep), Choose(shape with { KeyValueHeads = 2 }, large, large, large, offset: 0));
        Assert.True(new BackwardModes(OutputMode.Store, OutputMode.Stage).IsStreamed);
        Assert.False(new BackwardModes(OutputMode.Store, OutputMode.Store).IsStreamed);

        unsafe (OutputMode, OutputMode) Choose(AttentionShape of, long queries, long keys, long values, nuint offset)
        {
            // Only looked at, never read: any address does.
            var memory = (float*)(64 + offset);
            BackwardModes modes = BackwardModes.Choose(memory, queries, memory, keys, memory, values, new Geometry(of, wide), wide);
            return (modes.Queries, modes.Keys);
        }
    }
}
