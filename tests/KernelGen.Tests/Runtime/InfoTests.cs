using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class InfoTests
{
    private static AttentionInfo Info => StateDriver.Info<ScalarKernel<EluFloat, float>, float>();

    [Fact]
    public void Info_SaysWhatTheKernelsSay()
    {
        Assert.Equal(("EluFloat", 5, 5, 3, 4), (Info.Name, Info.HeadDim, Info.FeatureDim, Info.ValueDim, Info.ChunkSize));
        Assert.Equal(4 * 5 * 3, Info.FlopsPerToken);
        Assert.Equal(2 * (5 + 3) * 4, Info.BytesPerToken);
        Assert.Equal(EluFloat.Traits.State.Length * 4, Info.StateBytes);
        Assert.Equal(InstructionSetSupport.Best, Info.InstructionSet);
        Assert.Same(Info, Info);
    }

    [Fact]
    public void ForCap_NarrowerLevel_SaysItsTile()
    {
        AttentionInfo scalar = Info.ForCap(InstructionSet.Scalar);

        Assert.Equal((InstructionSet.Scalar, "1 x 1"), (scalar.InstructionSet, scalar.RegisterTile));
        Assert.Throws<ArgumentOutOfRangeException>("cap", () => Info.ForCap((InstructionSet)9));
    }

    [Fact]
    public void WorkspaceBytes_WrongShape_Refused() =>
        Assert.Throws<ArgumentOutOfRangeException>("shape.Heads", () => Info.WorkspaceBytes(new AttentionShape(1, 1, 0)));

    [Fact]
    public void ToString_OneFactALine()
    {
        string text = Info.ForCap(InstructionSet.Scalar).ToString();

        Assert.Equal(
            """
            EluFloat
              variant          EluFloat
              instruction set  Scalar (emitted: All), register tile 1 x 1
              dims             D = 5, M = 5, E = 3, chunk 4, Float32
              form             causal, normalised, decay None
              token and head   60 useful flops, 120 backward, 64 bytes of q, k, v and o
              state            896 bytes a sequence and head
            """,
            text);
    }
}
