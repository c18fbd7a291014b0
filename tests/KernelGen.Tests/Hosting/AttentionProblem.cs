namespace KernelGen.Tests.Hosting;

/// <summary>The inputs of one call in double precision: what references compute from, and what kernels get rounded to their element type.</summary>
internal sealed record AttentionProblem
{
    public required AttentionShape Shape { get; init; }

    /// <summary>D, width of a query and key row.</summary>
    public required int HeadDim { get; init; }

    /// <summary>M, width of a mapped row.</summary>
    public int FeatureDim { get => field == 0 ? HeadDim : field; init; }

    /// <summary>Rows of the projection, M or fewer.</summary>
    public int ProjectedDim { get => field == 0 ? FeatureDim : field; init; }

    /// <summary>The projection, [P, D] or [H, P, D]; empty where there is none.</summary>
    public double[] Projection { get; init; } = [];

    /// <summary>The projection's bias, [P] or [H, P]; empty where there is none.</summary>
    public double[] ProjectionBias { get; init; } = [];

    /// <summary>The keys' own projection, and its bias; empty where there is none.</summary>
    public double[] KeyProjection { get; init; } = [];

    public double[] KeyProjectionBias { get; init; } = [];

    /// <summary>E, width of a value and output row.</summary>
    public required int ValueDim { get; init; }

    /// <summary>In the order that the shape's layout says, as K and V.</summary>
    public required double[] Q { get; init; }

    public required double[] K { get; init; }

    public required double[] V { get; init; }

    public int[] CuSeqlens { get; init; } = [];

    public int[] KeyCuSeqlens { get; init; } = [];

    public bool[] KeyMask { get; init; } = [];

    public double[] Slopes { get; init; } = [];

    /// <summary>One a query token and head, as a row of width 1.</summary>
    public double[] LogGates { get; init; } = [];

    public double[] InitialState { get; init; } = [];

    public double[] InitialNormalizer { get; init; } = [];

    /// <summary>Whether the call asks for the states after the last token.</summary>
    public bool WantsFinalState { get; init; }

    public int KeyLength => Shape.KeyLength == 0 ? Shape.Length : Shape.KeyLength;

    public int KeyValueHeads => Shape.KeyValueHeads == 0 ? Shape.Heads : Shape.KeyValueHeads;

    public int OutputLength => Shape.Batch * Shape.Length * Shape.Heads * ValueDim;

    public int Sequences => CuSeqlens.Length == 0 ? Shape.Batch : CuSeqlens.Length - 1;

    /// <summary>Where a sequence's tokens lie: batch entry, first query and key token there, and how many it has.</summary>
    public (int Batch, int Start, int Length, int KeyStart, int KeyLength) Range(int sequence)
    {
        if (CuSeqlens.Length == 0)
            return (sequence, 0, Shape.Length, 0, KeyLength);
        int[] keys = KeyCuSeqlens.Length == 0 ? CuSeqlens : KeyCuSeqlens;
        return (0, CuSeqlens[sequence], CuSeqlens[sequence + 1] - CuSeqlens[sequence], keys[sequence], keys[sequence + 1] - keys[sequence]);
    }

    /// <summary>Element of the first column of a query token's row.</summary>
    public int QueryRow(int batch, int head, int token) => Row(batch, head, token, Shape.Length, Shape.Heads) * HeadDim;

    public int OutputRow(int batch, int head, int token) => Row(batch, head, token, Shape.Length, Shape.Heads) * ValueDim;

    public int Gate(int batch, int head, int token) => Row(batch, head, token, Shape.Length, Shape.Heads);

    /// <summary>Element of the first column of the row that a query head reads of a key token: grouped heads share keys.</summary>
    public int KeyRow(int batch, int queryHead, int token) => Row(batch, KeyHead(queryHead), token, KeyLength, KeyValueHeads) * HeadDim;

    public int ValueRow(int batch, int queryHead, int token) => Row(batch, KeyHead(queryHead), token, KeyLength, KeyValueHeads) * ValueDim;

    /// <summary>A number of a projection that a head has, of the bias where the column is D.</summary>
    public double P(int head, int row, int column, bool ofKeys = false)
    {
        (double[] rows, double[] bias) = ofKeys && KeyProjection.Length > 0 ? (KeyProjection, KeyProjectionBias) : (Projection, ProjectionBias);
        int at = MatrixRow(rows, head, row);
        return column == HeadDim ? bias[at] : rows[(at * HeadDim) + column];
    }

    /// <summary>Where a row of a head's matrix lies, in rows.</summary>
    public int MatrixRow(double[] rows, int head, int row) => ((rows.Length == ProjectedDim * HeadDim ? 0 : head) * ProjectedDim) + row;

    public bool IsMasked(int batch, int keyToken) => KeyMask.Length > 0 && !KeyMask[(batch * KeyLength) + keyToken];

    private int KeyHead(int queryHead) => queryHead / (Shape.Heads / KeyValueHeads);

    private int Row(int batch, int head, int token, int tokens, int heads) => Shape.Layout == TensorLayout.HeadFirst
        ? (((batch * heads) + head) * tokens) + token
        : (((batch * tokens) + token) * heads) + head;
}

/// <summary>What a call computes; the states are empty where it did not ask for them.</summary>
internal sealed record AttentionResult(double[] Output, double[] FinalState, double[] FinalNormalizer);
