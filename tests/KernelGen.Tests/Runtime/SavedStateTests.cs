using System.Buffers;
using System.Buffers.Binary;
using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class SavedStateTests
{
    [Fact]
    public void ReadState_Written_GoesOnWithTheSameBits()
    {
        var problem = new Problem<EluDouble, double>(new AttentionShape(2, 6, 2));
        using AttentionState<double> state = problem.CreateState();
        problem.Run(state);
        byte[] file = Save(state);
        problem.Run(state);
        double[] once = [.. problem.O];

        using AttentionState<double> read = StateDriver.ReadState<ScalarKernel<EluDouble, double>, double>(new MemoryStream(file));

        Assert.Equal((2, 2), (read.Sequences, read.Heads));
        Assert.Equal([6, 6], read.Positions.ToArray());
        problem.Run(read);
        Agreement.Same(once, problem.O);
    }

    [Fact]
    public void ReadState_TakenOverMidSequence_KeepsItsChunkGrid()
    {
        var problem = new Problem<LightningFloat, float>(new AttentionShape(1, 6, 1));
        using AttentionState<float> state = problem.CreateState();
        state.CopyFrom(problem.Random(24), default, position: 1_000_001);
        problem.Run(state);

        using AttentionState<float> read = StateDriver.ReadState<ScalarKernel<LightningFloat, float>, float>(new MemoryStream(Save(state)));

        Assert.Equal([1_000_007], read.Positions.ToArray());
        problem.Run(state);
        float[] once = [.. problem.O];
        problem.Run(read);
        Agreement.Same(once, problem.O);
    }

    [Fact]
    public void Write_ToBufferWriter_SameBytes()
    {
        using AttentionState<float> state = Small();
        var writer = new ArrayBufferWriter<byte>();

        state.Write(writer);

        Assert.Equal(Save(state), writer.WrittenSpan.ToArray());
    }

    [Fact]
    public void Write_Header_IsTheDocumentedOne()
    {
        byte[] file = Save(Small());

        Assert.Equal("KGSTATE\0"u8.ToArray(), file[..8]);
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)));
        Assert.Equal(14 * 4 + "EluFloat".Length, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)));
        Assert.Equal([0, 5, 5, 3, 4], Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(16 + (4 * i)))));
        Assert.Equal(16 + 14 * 4 + 8 + 32 + 16 + (EluFloat.Traits.State.Length * 4) + 32, file.Length);
    }

    [Fact]
    public void ReadState_FollowedByMore_LeavesItInTheStream()
    {
        using AttentionState<float> state = Small();
        var stream = new MemoryStream([.. Save(state), .. Save(state), 42]);

        using AttentionState<float> first = Read(stream);
        using AttentionState<float> second = Read(stream);

        Assert.Equal(42, stream.ReadByte());
    }

    [Fact]
    public void ReadState_StreamInDrips_ReadsAll()
    {
        using AttentionState<float> state = Small();

        using AttentionState<float> read = Read(new DrippingStream(Save(state)));

        Assert.Equal(Save(state), Save(read));
    }

    [Fact]
    public void ReadState_AnyByteFlipped_Refused()
    {
        byte[] file = Save(Small());
        for (int i = 0; i < file.Length; i++)
        {
            foreach (int bit in (int[])[0, 7])
            {
                file[i] ^= (byte)(1 << bit);
                Assert.Throws<InvalidDataException>(() => Read(new MemoryStream(file)));
                file[i] ^= (byte)(1 << bit);
            }
        }

        Read(new MemoryStream(file)).Dispose();
    }

    [Fact]
    public void ReadState_Truncated_Refused()
    {
        byte[] file = Save(Small());
        for (int length = 0; length < file.Length; length++)
        {
            InvalidDataException seekable = Assert.Throws<InvalidDataException>(() => Read(new MemoryStream(file[..length])));
            InvalidDataException dripping = Assert.Throws<InvalidDataException>(() => Read(new DrippingStream(file[..length])));
            Assert.Equal("the state is truncated", seekable.Message);
            Assert.Equal("the state is truncated", dripping.Message);
        }
    }

    [Fact]
    public void ReadState_OtherVariant_RefusedByName()
    {
        byte[] file = Save(Small());

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => StateDriver.ReadState<ScalarKernel<ForeignFloat, float>, float>(new MemoryStream(file)));

        Assert.Equal("the state is one of variant \"EluFloat\", ForeignFloat needs \"ForeignFloat\"", error.Message);
    }

    [Fact]
    public void ReadState_OtherLayout_Refused()
    {
        byte[] file = Save(Small());

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => StateDriver.ReadState<ScalarKernel<RelaidFloat, float>, float>(new MemoryStream(file)));

        Assert.StartsWith("the state is laid out by another version of the generator", error.Message);
    }

    [Fact]
    public void ReadState_TwinDeclaration_Accepted()
    {
        byte[] file = Save(Small());

        using AttentionState<float> read = StateDriver.ReadState<ScalarKernel<EluFloatTwin, float>, float>(new MemoryStream(file));

        Assert.Equal(file, Save(read));
    }

    [Fact]
    public void ReadState_OtherVersionOrOtherFile_SaysSo()
    {
        byte[] file = Save(Small());
        file[8] = 2;
        InvalidDataException version = Assert.Throws<InvalidDataException>(() => Read(new MemoryStream(file)));
        InvalidDataException other = Assert.Throws<InvalidDataException>(() => Read(new MemoryStream(new byte[4096])));

        Assert.Equal("the state has format version 2, this library reads version 1", version.Message);
        Assert.Equal("the bytes are not a KernelGen state", other.Message);
    }

    private static AttentionState<float> Small()
    {
        var problem = new Problem<EluFloat, float>(new AttentionShape(1, 6, 1));
        AttentionState<float> state = problem.CreateState();
        problem.Run(state);
        return state;
    }

    private static AttentionState<float> Read(Stream stream) => StateDriver.ReadState<ScalarKernel<EluFloat, float>, float>(stream);

    private static byte[] Save<T>(AttentionState<T> state)
        where T : unmanaged
    {
        using var stream = new MemoryStream();
        state.Write(stream);
        return stream.ToArray();
    }

    /// <summary>Gives a few bytes at a time, and cannot seek.</summary>
    private sealed class DrippingStream(byte[] bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int taken = Math.Min(Math.Min(count, 7), bytes.Length - _position);
            bytes.AsSpan(_position, taken).CopyTo(buffer.AsSpan(offset));
            _position += taken;
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
