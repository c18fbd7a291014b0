using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class WorkspaceTests
{
    [Fact]
    public void WorkspaceBytes_IsWhatACallTakes()
    {
        var problem = new Problem<LightningFloat, float>(new AttentionShape(2, 6, 2)) { Workspace = new Workspace() };
        problem.Run();

        Assert.Equal(StateDriver.Info<ScalarKernel<LightningFloat, float>, float>().WorkspaceBytes(problem.Shape), problem.Workspace.Capacity);
    }

    [Fact]
    public void Workspace_LargeEnough_DoesNotGrow()
    {
        var workspace = new Workspace(1 << 20);
        new Problem<EluFloat, float>(new AttentionShape(2, 6, 2)) { Workspace = workspace }.Run();
        new Problem<EluDouble, double>(new AttentionShape(2, 6, 2)) { Workspace = workspace }.Run();

        Assert.Equal(1 << 20, workspace.Capacity);
    }

    [Fact]
    public void Workspace_ImpossibleSize_Refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("bytes", () => new Workspace(-1));
        Assert.Throws<ArgumentOutOfRangeException>("bytes", () => new Workspace(long.MaxValue));
    }

    [Fact]
    public void AlignedBuffer_AnyLength_BeginsOnALine()
    {
        for (int length = 0; length < 100; length += 3)
        {
            Assert.True(IsAligned(AlignedBuffer<float>.Create(length, clear: true)));
            Assert.True(IsAligned(AlignedBuffer<double>.Create(length, clear: false)));
            Assert.True(IsAligned(AlignedBuffer<byte>.Create(length, clear: false)));
        }

        static unsafe bool IsAligned<T>(AlignedBuffer<T> buffer)
            where T : unmanaged => (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref buffer.First) % 64 == 0;
    }
}
