using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// Attention pair by pair, in double precision, straight from the equations; nothing is shared with the programs that it judges.
/// With phi the map, lambda^n what fades over n tokens (<see cref="PairDecay"/>), m_s the mask, and a state (S, z) before the first token in the decode convention (the token
/// before is undecayed):
/// <code>
/// w_ts  = scale lambda^(t-s) phi(q_t).phi(k_s) m_s                     s &lt;= t where causal
/// num_t = sum_s w_ts v_s + scale lambda^(t+1) phi(q_t) S               den_t = sum_s w_ts + scale lambda^(t+1) phi(q_t).z
/// o_t   = num_t / n(den_t) (<see cref="Divisor"/>), or num_t
/// S'    = lambda^n S + sum_s lambda^(n-1-s) m_s phi(k_s) v_s^T         z' likewise, over the n key tokens
/// </code>
/// </summary>
internal sealed class NaiveReference
{
    private readonly Declaration _declaration;
    private readonly AttentionProblem _problem;
    private readonly RowFeatures _features;
    private readonly int _m;
    private readonly int _e;
    private readonly PairDecay _decay;
    private readonly double[] _output;
    private readonly double[] _state;
    private readonly double[] _normalizer;

    private NaiveReference(Declaration declaration, AttentionProblem problem, AttentionProblem held)
    {
        (_declaration, _problem, _m, _e) = (declaration, problem, problem.FeatureDim, problem.ValueDim);
        _features = new RowFeatures(declaration, problem, held);
        _decay = new PairDecay(declaration, problem);
        _output = new double[problem.OutputLength];
        int states = problem.WantsFinalState ? problem.Sequences * problem.Shape.Heads * _m : 0;
        _state = new double[states * _e];
        _normalizer = new double[declaration.IsNormalized ? states : 0];
    }

    /// <param name="declaration">The declaration.</param>
    /// <param name="problem">The call.</param>
    /// <param name="held">The call whose rows stabilisers are of, where it is another: differences hold them fixed.</param>
    public static AttentionResult Run(Declaration declaration, AttentionProblem problem, AttentionProblem? held = null)
    {
        NaiveReference reference = new(declaration, problem, held ?? problem);
        for (int n = 0; n < problem.Sequences; n++)
        {
            for (int h = 0; h < problem.Shape.Heads; h++)
                reference.Head(n, h);
        }

        return new AttentionResult(reference._output, reference._state, reference._normalizer);
    }

    private void Head(int n, int h)
    {
        (int batch, int start, int length, int keyStart, int keyLength) = _problem.Range(n);
        int[] seen = Enumerable.Range(0, keyLength).Where(s => !_problem.IsMasked(batch, keyStart + s)).ToArray();
        double[][] keys = new double[keyLength][];
        KeyStabilizers stabilizers = new(_declaration, _problem, _features, batch, h, keyStart, keyLength);
        foreach (int s in seen)
            keys[s] = _features.Of(_problem.K, _problem.KeyRow(batch, h, keyStart + s), h, stabilizers.Of(s));

        int index = (n * _problem.Shape.Heads) + h;
        for (int t = 0; t < length; t++)
            Token(batch, h, start, t, index, keyStart, seen, keys, stabilizers);
        if (_problem.WantsFinalState)
            FinalState(batch, h, start, index, keyStart, keyLength, seen, keys);
    }

    private void Token(int batch, int h, int start, int t, int index, int keyStart, int[] seen, double[][] keys, KeyStabilizers stabilizers)
    {
        int queryRow = _problem.QueryRow(batch, h, start + t);
        double[] query = _features.Of(_problem.Q, queryRow, h, _features.QueryMaximum(queryRow, h));
        double[] numerator = new double[_e];
        double denominator = 0;
        foreach (int s in seen.Where(s => !_declaration.Causal || s <= t))
        {
            double weight = _declaration.Scale * stabilizers.Scale(s, t) * _decay.Of(batch, h, start, s, t) * query.Zip(keys[s], (a, b) => a * b).Sum();
            int row = _problem.ValueRow(batch, h, keyStart + s);
            for (int e = 0; e < _e; e++)
                numerator[e] += weight * _problem.V[row + e];
            denominator += weight;
        }

        for (int d = 0; d < _m && _problem.InitialState.Length > 0; d++)
        {
            double weight = _declaration.Scale * _decay.Of(batch, h, start, -1, t) * query[d];
            for (int e = 0; e < _e; e++)
                numerator[e] += weight * _problem.InitialState[(((index * _m) + d) * _e) + e];
            if (_declaration.IsNormalized)
                denominator += weight * _problem.InitialNormalizer[(index * _m) + d];
        }

        int output = _problem.OutputRow(batch, h, start + t);
        for (int e = 0; e < _e; e++)
            _output[output + e] = _declaration.IsNormalized ? numerator[e] / Divisor.Of(_declaration, denominator, _declaration.Scale * query.Sum()) : numerator[e];
    }

    private void FinalState(int batch, int h, int start, int index, int keyStart, int keyLength, int[] seen, double[][] keys)
    {
        for (int d = 0; d < _m; d++)
        {
            int row = (index * _m) + d;
            for (int e = 0; e < _e; e++)
            {
                double before = _problem.InitialState.Length > 0 ? _decay.Of(batch, h, start, -1, keyLength - 1) * _problem.InitialState[(row * _e) + e] : 0;
                _state[(row * _e) + e] = before + seen.Sum(s => _decay.Of(batch, h, start, s, keyLength - 1) * keys[s][d] * _problem.V[_problem.ValueRow(batch, h, keyStart + s) + e]);
            }

            if (!_declaration.IsNormalized)
                continue;
            double normalizer = _problem.InitialNormalizer.Length > 0 ? _decay.Of(batch, h, start, -1, keyLength - 1) * _problem.InitialNormalizer[row] : 0;
            _normalizer[row] = normalizer + seen.Sum(s => _decay.Of(batch, h, start, s, keyLength - 1) * keys[s][d]);
        }
    }
}
