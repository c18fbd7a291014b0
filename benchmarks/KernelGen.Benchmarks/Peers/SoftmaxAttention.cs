using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// Exact causal softmax attention on one thread, the baseline where PyTorch's is not built in: blocks of queries against blocks of keys that
/// stay in L1, a running maximum and sum (as FlashAttention), register tiles and the library's own exponential.
/// </summary>
internal sealed unsafe class SoftmaxAttention
{
    /// <summary>Queries and keys of a block. Lengths are multiples of it.</summary>
    public const int Block = 64;

    private readonly Tensors _tensors;
    private readonly PinnedBuffer _output;

    /// <summary>The keys of one head, transposed block by block: [T / Block, D, Block].</summary>
    private readonly PinnedBuffer _keys;

    private readonly PinnedBuffer _weights;
    private readonly PinnedBuffer _sums;
    private readonly float[] _maximum = new float[Block];
    private readonly float[] _normalizer = new float[Block];
    private readonly Action<int> _head;

    public SoftmaxAttention(Tensors tensors, PinnedBuffer output)
    {
        if (tensors.Shape.Batch != 1 || tensors.Shape.Length % Block != 0 || tensors.HeadDim % RegisterTiles.Columns != 0)
            throw new RowUnavailableException($"the softmax baseline takes one sequence of whole blocks of {Block} and dims in steps of {RegisterTiles.Columns}");
        _tensors = tensors;
        _output = output;
        _keys = new PinnedBuffer(tensors.Shape.Length * tensors.HeadDim);
        _weights = new PinnedBuffer(Block * Block);
        _sums = new PinnedBuffer(Block * tensors.HeadDim);
        _head = MachineLimits.Has(InstructionSet.Avx512) ? Head<Vector512<float>, Lanes512>
            : MachineLimits.Has(InstructionSet.Avx2) ? Head<Vector256<float>, Lanes256>
            : Head<Vector128<float>, Lanes128>;
    }

    public void Run()
    {
        for (int h = 0; h < _tensors.Shape.Heads; h++)
        {
            TransposeKeys(h);
            _head(h);
        }
    }

    private void TransposeKeys(int head)
    {
        int dim = _tensors.HeadDim, width = _tensors.Shape.Heads * dim;
        float* source = _tensors.K.Address + (head * dim);
        for (int t = 0; t < _tensors.Shape.Length; t++)
        {
            float* block = _keys.Address + ((long)(t / Block) * Block * dim) + (t % Block);
            for (int d = 0; d < dim; d++)
                block[d * Block] = source[((long)t * width) + d];
        }
    }

    private void Head<TVector, TLanes>(int head)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        int dim = _tensors.HeadDim, width = _tensors.Shape.Heads * dim;
        for (int first = 0; first < _tensors.Shape.Length; first += Block)
        {
            float* queries = _tensors.Q.Address + ((long)first * width) + (head * dim);
            _sums.Span.Clear();
            _normalizer.AsSpan().Clear();
            _maximum.AsSpan().Fill(float.NegativeInfinity);
            for (int seen = 0; seen <= first; seen += Block)
            {
                float* values = _tensors.V.Address + ((long)seen * width) + (head * dim);
                RegisterTiles.Multiply<TVector, TLanes>(
                    queries, width, _keys.Address + ((long)seen * dim), Block, _weights.Address, Block, Block, Block, dim, accumulate: false);
                for (int i = 0; i < Block; i++)
                    Weigh<TVector, TLanes>(i, visible: seen < first ? Block : i + 1);
                RegisterTiles.Multiply<TVector, TLanes>(
                    _weights.Address, Block, values, width, _sums.Address, dim, Block, dim, Block, accumulate: true);
            }

            for (int i = 0; i < Block; i++)
            {
                TensorPrimitives.Multiply(
                    _sums.Span.Slice(i * dim, dim), 1f / _normalizer[i], _output.Span.Slice(((first + i) * width) + (head * dim), dim));
            }
        }
    }

    /// <summary>Scores of query <paramref name="row"/> to weights relative to the largest score so far; what was summed relative to an older one is scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weigh<TVector, TLanes>(int row, int visible)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        float scale = 1f / MathF.Sqrt(_tensors.HeadDim);
        Span<float> scores = _weights.Span.Slice(row * Block, Block);
        float largest = Math.Max(_maximum[row], TensorPrimitives.Max<float>(scores[..visible]) * scale);
        if (largest > _maximum[row])
        {
            // exp(-infinity) is 0, before the first block.
            float fade = MathF.Exp(_maximum[row] - largest);
            Span<float> sums = _sums.Span.Slice(row * _tensors.HeadDim, _tensors.HeadDim);
            TensorPrimitives.Multiply(sums, fade, sums);
            _normalizer[row] *= fade;
            _maximum[row] = largest;
        }

        scores[visible..].Fill(float.NegativeInfinity);
        TVector factor = TLanes.Create(scale), shift = TLanes.Create(-largest), sum = TLanes.Create(0);
        float* weights = _weights.Address + (row * Block);
        for (int j = 0; j < Block; j += TLanes.Count)
        {
            TVector weight = TLanes.Exp(TLanes.MultiplyAdd(TLanes.Load(weights + j), factor, shift));
            TLanes.Store(weight, weights + j);
            sum = TLanes.Add(sum, weight);
        }

        _normalizer[row] += TLanes.Sum(sum);
    }
}
