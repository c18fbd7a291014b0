namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>mma.sync and ldmatrix.</summary>
internal sealed partial class PtxDecoder
{
    private void DecodeMatrix()
    {
        if (!Take("sync") | !Take("aligned"))
            throw Unsupported("'.sync.aligned' is needed");
        _step.Kind = PtxStepKind.Warp;
        if (instruction.Opcode == PtxOpcode.Ldmatrix)
            DecodeMatrixLoad();
        else
            DecodeMatrixProduct();
    }

    private void DecodeMatrixLoad()
    {
        bool isKnown = Take("m8n8") & (Take("shared") || Take("shared::cta")) && Type == PtxType.B16;
        int count = Take("x4") ? 4 : Take("x2") ? 2 : Take("x1") ? 1 : 0;
        PtxAddress? address = Operand(1) as PtxAddress;
        if (!isKnown || address is null || Items(Operand(0)).Count != count)
            throw Unsupported("no such load");
        _step.Vector = [.. Items(Operand(0)).Select(Destination)];
        _step.A = Source(address.Base);
        _step.Offset = address.Offset;
        _step.AccessBytes = 16;
        _step.ElementBytes = 2;
        linker.SharedGranule = Math.Min(linker.SharedGranule, 2);
        bool isTransposed = Take("trans");
        _step.Run = (s, w, active) => MatrixOperations.Load(s, w, active, isTransposed);
    }

    private void DecodeMatrixProduct()
    {
        int depth = Take("m16n8k16") ? 16 : Take("m16n8k8") ? 8 : Take("m16n8k4") ? 4 : 0;
        PtxType[] expected = instruction.Types.Count == 4 ? [PtxType.F32, instruction.Types[1], instruction.Types[1], PtxType.F32] : [];
        bool isKnown = Take("row") & Take("col") && expected.Length > 0 && instruction.Types.SequenceEqual(expected)
            && (expected[1], depth) is (PtxType.Tf32, 4 or 8) or (PtxType.F16 or PtxType.Bf16, 8 or 16);
        if (!isKnown)
            throw Unsupported("no such product");
        int perRegister = expected[1] == PtxType.Tf32 ? 1 : 2;
        _step.Vector = [.. Items(Operand(0)).Select(Destination)];
        _step.MatrixA = [.. Items(Operand(1)).Select(Source)];
        _step.MatrixB = [.. Items(Operand(2)).Select(Source)];
        _step.MatrixC = [.. Items(Operand(3)).Select(Source)];
        if (_step.Vector.Length != 4 || _step.MatrixC.Length != 4
            || _step.MatrixA.Length != depth / perRegister / 2 || _step.MatrixB.Length != depth / perRegister / 4)
            throw Unsupported("a matrix has the wrong number of registers");
        PtxType type = expected[1];
        _step.Run = (s, w, active) => MatrixOperations.Multiply(s, w, active, type, depth);
    }
}
