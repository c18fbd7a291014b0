using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// The gradients of <see cref="NaiveReference"/> by the chain rule, pair by pair of tokens, in double precision: no chunks, no carried states. With weights
/// w_ts = lambda^(t-s) q_t.k_s, numerator N_t = sum_s w_ts v_s and denominator n_t = sum_s w_ts + eps: dN = dO / n, dn = -dO.o / n, dw = dN.v + dn. A term
/// that holds lambda^j = exp(-slope j) gives the slope -j times itself, and each gate that it passes itself (<see cref="PairDecay"/>).
/// </summary>
internal sealed class NaiveGradient
{
    private readonly Declaration _declaration;
    private readonly GradientProblem _problem;
    private readonly AttentionProblem _call;
    private readonly GradientResult _result;
    private readonly PairDecay _decay;
    private readonly RowFeatures _features;
    private readonly int _m;
    private readonly int _e;

    private NaiveGradient(Declaration declaration, GradientProblem problem)
    {
        (_declaration, _problem, _call) = (declaration, problem, problem.Call);
        (_m, _e, _decay) = (_call.FeatureDim, _call.ValueDim, new PairDecay(declaration, _call));
        _result = GradientResult.Zero(declaration, _call) with { Slopes = new double[_call.Slopes.Length], LogGates = new double[_call.LogGates.Length] };
        _features = new RowFeatures(declaration, _call, _call, _result);
    }

    public static GradientResult Run(Declaration declaration, GradientProblem problem)
    {
        NaiveGradient gradient = new(declaration, problem);
        for (int n = 0; n < problem.Call.Sequences; n++)
        {
            for (int h = 0; h < problem.Call.Shape.Heads; h++)
                gradient.Head(n, h);
        }

        return gradient._result;
    }

    private void Head(int n, int h)
    {
        (int batch, int start, int length, int keyStart, int keyLength) = _call.Range(n);
        int index = (n * _call.Shape.Heads) + h;
        int[] seen = Enumerable.Range(0, keyLength).Where(s => !_call.IsMasked(batch, keyStart + s)).ToArray();
        double[][] keys = new double[keyLength][], dKeys = new double[keyLength][];
        KeyStabilizers stabilizers = new(_declaration, _call, _features, batch, h, keyStart, keyLength);
        foreach (int s in seen)
        {
            keys[s] = _features.Of(_call.K, _call.KeyRow(batch, h, keyStart + s), h, stabilizers.Of(s));
            dKeys[s] = new double[_m];
        }

        for (int t = 0; t < length; t++)
            Token(batch, h, start, t, index, keyStart, seen, keys, dKeys, stabilizers);
        FinalState(batch, h, start, index, keyStart, keyLength, seen, keys, dKeys);
        foreach (int s in seen)
        {
            int row = _call.KeyRow(batch, h, keyStart + s);
            Add(_result.Keys, row, _features.Gradient(_call.K, row, h, dKeys[s], stabilizers.Of(s)));
            if (_result.KeyFlow.Length > 0)
                _result.KeyFlow[GradientResult.Flow(_call, batch, h, _call.KeyLength) + keyStart + s] = Dot(keys[s], dKeys[s], 0) / _decay.Gain(batch, h, start, s);
        }
    }

    private void Token(int batch, int h, int start, int t, int index, int keyStart, int[] seen, double[][] keys, double[][] dKeys, KeyStabilizers stabilizers)
    {
        int queryRow = _call.QueryRow(batch, h, start + t), outputRow = _call.OutputRow(batch, h, start + t);
        double top = _features.QueryMaximum(queryRow, h);
        double[] query = [.. _features.Of(_call.Q, queryRow, h, top).Select(x => _declaration.Scale * x)];
        int[] past = seen.Where(s => !_declaration.Causal || s <= t).ToArray();
        double[] weights = [.. past.Select(s => stabilizers.Scale(s, t) * _decay.Of(batch, h, start, s, t) * Dot(query, keys[s], 0))];
        double faded = stabilizers.OfInitial(t) * _decay.Of(batch, h, start, -1, t);

        // The forward's own numbers.
        double[] numerator = new double[_e];
        double sum = weights.Sum() + (_call.InitialNormalizer.Length > 0 ? faded * Dot(query, _call.InitialNormalizer, index * _m) : 0);
        double denominator = _declaration.IsNormalized ? Divisor.Of(_declaration, sum, query.Sum()) : 1;
        for (int i = 0; i < past.Length; i++)
            Add(numerator, weights[i], _call.V, _call.ValueRow(batch, h, keyStart + past[i]));
        for (int d = 0; d < _m && _call.InitialState.Length > 0; d++)
            Add(numerator, faded * query[d], _call.InitialState, ((index * _m) + d) * _e);

        double[] dNumerator = [.. Enumerable.Range(0, _e).Select(e => _problem.Output[outputRow + e] / denominator)];
        double dDenominator = _declaration.IsNormalized ? -Dot(numerator, dNumerator, 0) / denominator * Divisor.Slope(_declaration, sum) : 0;
        double[] dQuery = new double[_m];
        for (int i = 0; i < past.Length; i++)
        {
            int s = past[i], valueRow = _call.ValueRow(batch, h, keyStart + s);
            double dWeight = stabilizers.Scale(s, t) * _decay.Of(batch, h, start, s, t) * (Dot(dNumerator, _call.V, valueRow) + dDenominator);
            _decay.AddGradient(_result, batch, h, start, s, t, dWeight * Dot(query, keys[s], 0));
            Add(dQuery, dWeight, keys[s], 0);
            Add(dKeys[s], dWeight, query, 0);
            for (int e = 0; e < _e; e++)
                _result.Values[valueRow + e] += weights[i] * dNumerator[e];
        }

        for (int d = 0; d < _m; d++)
        {
            int row = (index * _m) + d;
            double dInitial = _call.InitialState.Length > 0 ? faded * Dot(dNumerator, _call.InitialState, row * _e) : 0;
            if (_call.InitialNormalizer.Length > 0)
                dInitial += faded * dDenominator * _call.InitialNormalizer[row];
            dQuery[d] += dInitial;
            if (_declaration.EpsilonRule == EpsilonRule.Sums)
                dQuery[d] += dDenominator * _declaration.Epsilon!.Value;
            _decay.AddGradient(_result, batch, h, start, -1, t, dInitial * query[d]);
            for (int e = 0; e < _e; e++)
                _result.State[(row * _e) + e] += faded * query[d] * dNumerator[e];
            if (_declaration.IsNormalized)
                _result.Normalizer[row] += faded * query[d] * dDenominator;
        }

        Add(_result.Queries, queryRow, _features.Gradient(_call.Q, queryRow, h, [.. dQuery.Select(x => x * _declaration.Scale)], top));

        if (_result.QueryFlow.Length > 0)
            _result.QueryFlow[GradientResult.Flow(_call, batch, h, _call.Shape.Length) + start + t] = Dot(query, dQuery, 0);
    }

    private void FinalState(int batch, int h, int start, int index, int keyStart, int keyLength, int[] seen, double[][] keys, double[][] dKeys)
    {
        if (_problem.FinalState.Length == 0)
            return;
        for (int d = 0; d < _m; d++)
        {
            int row = (index * _m) + d;
            double dNormalizer = _declaration.IsNormalized ? _problem.FinalNormalizer[row] : 0;
            foreach (int s in seen)
            {
                int valueRow = _call.ValueRow(batch, h, keyStart + s);
                double faded = _decay.Of(batch, h, start, s, keyLength - 1);
                double dKey = faded * (Dot(_problem.FinalState.AsSpan(row * _e, _e), _call.V, valueRow) + dNormalizer);
                dKeys[s][d] += dKey;
                _decay.AddGradient(_result, batch, h, start, s, keyLength - 1, dKey * keys[s][d]);
                for (int e = 0; e < _e; e++)
                    _result.Values[valueRow + e] += faded * keys[s][d] * _problem.FinalState[(row * _e) + e];
            }

            for (int e = 0; e < _e; e++)
                _result.State[(row * _e) + e] += _decay.Of(batch, h, start, -1, keyLength - 1) * _problem.FinalState[(row * _e) + e];
            if (_declaration.IsNormalized)
                _result.Normalizer[row] += _decay.Of(batch, h, start, -1, keyLength - 1) * dNormalizer;
            if (_call.InitialState.Length > 0)
                _decay.AddGradient(_result, batch, h, start, -1, keyLength - 1, _decay.Of(batch, h, start, -1, keyLength - 1) * Dot(_problem.FinalState.AsSpan(row * _e, _e), _call.InitialState, row * _e));
            if (_call.InitialNormalizer.Length > 0)
                _decay.AddGradient(_result, batch, h, start, -1, keyLength - 1, _decay.Of(batch, h, start, -1, keyLength - 1) * dNormalizer * _call.InitialNormalizer[row]);
        }
    }

    private static void Add(double[] rows, int row, double[] gradient)
    {
        for (int d = 0; d < gradient.Length; d++)
            rows[row + d] += gradient[d];
    }

    private static double Dot(ReadOnlySpan<double> a, double[] b, int offset)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[offset + i];
        return sum;
    }

    private static void Add(double[] sum, double factor, double[] row, int offset)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += factor * row[offset + i];
    }
}
