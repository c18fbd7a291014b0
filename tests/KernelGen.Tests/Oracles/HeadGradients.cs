using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The rows of one sequence and head, as backward phases read and write them.</summary>
internal sealed class HeadGradients
{
    private readonly GradientProblem _problem;
    private readonly double[] _slopes;
    private readonly int _batch;
    private readonly int _start;
    private readonly int _keyStart;
    private readonly int _head;
    private readonly double[][] _dq;
    private readonly double[][] _dk;
    private readonly double[][] _dv;

    public HeadGradients(Declaration declaration, GradientProblem problem, int n, int h)
    {
        AttentionProblem call = problem.Call;
        (_problem, _head) = (problem, h);
        (_batch, _start, Length, _keyStart, KeyLength) = call.Range(n);
        _slopes = PublishedSlopes.Of(declaration, call);
        (_dq, _dk, _dv) = (Poisoned(Length, call.HeadDim), Poisoned(KeyLength, call.HeadDim), Poisoned(KeyLength, call.ValueDim));
    }

    public int Length { get; }

    public int KeyLength { get; }

    /// <summary>What phases leave for one another.</summary>
    public Dictionary<string, double[][]> Tokens { get; } = [];

    public TileFrame Frame(int count, TileState[] slots)
    {
        AttentionProblem call = _problem.Call;
        return new TileFrame
        {
            Length = count,
            Slots = slots,
            Inputs = new Dictionary<string, double[][]>
            {
                ["q"] = Rows(Length, t => call.Q.AsSpan(call.QueryRow(_batch, _head, _start + t), call.HeadDim)),
                ["k"] = Rows(KeyLength, s => call.K.AsSpan(call.KeyRow(_batch, _head, _keyStart + s), call.HeadDim)),
                ["v"] = Rows(KeyLength, s => call.V.AsSpan(call.ValueRow(_batch, _head, _keyStart + s), call.ValueDim)),
                ["dO"] = Rows(Length, t => _problem.Output.AsSpan(call.OutputRow(_batch, _head, _start + t), call.ValueDim)),
            },
            Outputs = new Dictionary<string, double[][]> { ["dq"] = _dq, ["dk"] = _dk, ["dv"] = _dv },
            Matrices = new Dictionary<string, Func<int, int, double>> { ["proj"] = (m, d) => call.P(_head, m, d), ["projk"] = (m, d) => call.P(_head, m, d, ofKeys: true) },
            Numbers = new Dictionary<string, double[]> { ["gate"] = call.LogGates.Length == 0 ? [] : [.. Enumerable.Range(0, Length).Select(t => call.LogGates[call.Gate(_batch, _head, _start + t)])] },
            Parameters = new Dictionary<string, double> { ["slope"] = _slopes.Length == 0 ? double.NaN : _slopes[_head] },
            Flags = Enumerable.Range(0, KeyLength).Select(s => !call.IsMasked(_batch, _keyStart + s)).ToArray(),
            Tokens = Tokens,
        };
    }

    /// <summary>Adds the head's gradients to a call's, and notes its flows where they have names.</summary>
    public void AddTo(GradientResult result, string? queryFlow, string? keyFlow)
    {
        AttentionProblem call = _problem.Call;
        Add(_dq, result.Queries, t => call.QueryRow(_batch, _head, _start + t));
        Add(_dk, result.Keys, s => call.KeyRow(_batch, _head, _keyStart + s));
        Add(_dv, result.Values, s => call.ValueRow(_batch, _head, _keyStart + s));
        if (queryFlow is null || keyFlow is null || Length == 0)
            return;
        Tokens[queryFlow].Select(row => row[0]).ToArray().CopyTo(result.QueryFlow, GradientResult.Flow(call, _batch, _head, call.Shape.Length) + _start);
        Tokens[keyFlow].Select(row => row[0]).ToArray().CopyTo(result.KeyFlow, GradientResult.Flow(call, _batch, _head, call.KeyLength) + _keyStart);
    }

    private static void Add(double[][] rows, double[] tensor, Func<int, int> offset)
    {
        for (int t = 0; t < rows.Length; t++)
        {
            for (int c = 0; c < rows[t].Length; c++)
                tensor[offset(t) + c] += rows[t][c];
        }
    }

    private static double[][] Rows(int count, Func<int, Span<double>> row) => Enumerable.Range(0, count).Select(i => row(i).ToArray()).ToArray();

    private static double[][] Poisoned(int count, int width) => Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(double.NaN, width).ToArray()).ToArray();
}
