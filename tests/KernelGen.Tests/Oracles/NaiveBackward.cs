using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>
/// Gradients pair by pair, in double precision, of L = &lt;o, dO&gt; + &lt;S', dS'&gt; + &lt;z', dz'&gt; with o, S' and z' as <see cref="NaiveReference"/> has
/// them; straight from the chain rule, nothing is shared with the programs that it judges. With g_t = dO_t / (den_t + eps) (or dO_t) and
/// r_t = dO_t.o_t / (den_t + eps) (or 0), and f_ts = g_t.v_s - r_t the gradient of the weight w_ts:
/// <code>
/// dphi(q_t) = sum_s scale lambda^(t-s) f_ts phi(k_s)     dphi(k_s) = sum_t scale lambda^(t-s) f_ts phi(q_t)     dv_s = sum_t w_ts g_t
/// dslope = -sum_ts (t-s) w_ts f_ts
/// </code>
/// and the same for the states: each term of o, S' and z' that holds an input gives that input its share.
/// </summary>
internal sealed class NaiveBackward
{
    private readonly Declaration _declaration;
    private readonly BackwardProblem _backward;
    private readonly AttentionProblem _problem;
    private readonly int _d;
    private readonly int _e;
    private readonly double[] _slopes;
    private readonly double[] _output;
    private readonly BackwardResult _result;

    private NaiveBackward(Declaration declaration, BackwardProblem backward)
    {
        (_declaration, _backward, _problem) = (declaration, backward, backward.Forward);
        (_d, _e) = (_problem.HeadDim, _problem.ValueDim);
        _slopes = PublishedSlopes.Of(declaration, _problem);
        _output = NaiveReference.Run(declaration, _problem).Output;
        _result = new BackwardResult(
            new double[_problem.Q.Length],
            new double[_problem.K.Length],
            new double[_problem.V.Length],
            new double[_problem.InitialState.Length],
            new double[_problem.InitialNormalizer.Length],
            new double[_problem.Slopes.Length]);
    }

    public static BackwardResult Run(Declaration declaration, BackwardProblem backward)
    {
        NaiveBackward reference = new(declaration, backward);
        for (int n = 0; n < reference._problem.Sequences; n++)
        {
            for (int h = 0; h < reference._problem.Shape.Heads; h++)
                reference.Head(n, h);
        }

        return reference._result;
    }

    private void Head(int n, int h)
    {
        (int batch, int start, int length, int keyStart, int keyLength) = _problem.Range(n);
        int index = (n * _problem.Shape.Heads) + h;
        int[] seen = Enumerable.Range(0, keyLength).Where(s => !_problem.IsMasked(batch, keyStart + s)).ToArray();
        for (int t = 0; t < length; t++)
        {
            int query = _problem.QueryRow(batch, h, start + t);
            int output = _problem.OutputRow(batch, h, start + t);
            double divisor = _declaration.Epsilon is { } epsilon ? Denominator(batch, h, index, t, query, keyStart, seen) + epsilon : 1;
            double[] g = new double[_e];
            double r = 0;
            for (int e = 0; e < _e; e++)
            {
                g[e] = _backward.OutputGradient[output + e] / divisor;
                r += _declaration.IsNormalized ? g[e] * _output[output + e] : 0;
            }

            foreach (int s in seen.Where(s => !_declaration.Causal || s <= t))
                Pair(h, t - s, query, _problem.KeyRow(batch, h, keyStart + s), _problem.ValueRow(batch, h, keyStart + s), g, r);
            if (_problem.InitialState.Length > 0)
                InitialState(h, t + 1, query, index, g, r);
        }

        if (_backward.FinalStateGradient.Length > 0)
            FinalState(batch, h, index, keyStart, keyLength, seen);
    }

    private double Denominator(int batch, int h, int index, int t, int query, int keyStart, int[] seen)
    {
        double sum = 0;
        for (int d = 0; d < _d; d++)
        {
            double weight = _declaration.Scale * Phi(_problem.Q[query + d]);
            foreach (int s in seen.Where(s => !_declaration.Causal || s <= t))
                sum += weight * Decay(h, t - s) * Phi(_problem.K[_problem.KeyRow(batch, h, keyStart + s) + d]);
            if (_problem.InitialNormalizer.Length > 0)
                sum += weight * Decay(h, t + 1) * _problem.InitialNormalizer[(index * _d) + d];
        }

        return sum;
    }

    /// <summary>w_ts v_s in the numerator and w_ts in the denominator of one query.</summary>
    private void Pair(int h, int steps, int query, int key, int value, double[] g, double r)
    {
        double factor = _declaration.Scale * Decay(h, steps);
        double weight = 0;
        double flow = -r;
        for (int d = 0; d < _d; d++)
            weight += factor * Phi(_problem.Q[query + d]) * Phi(_problem.K[key + d]);
        for (int e = 0; e < _e; e++)
        {
            flow += g[e] * _problem.V[value + e];
            _result.Values[value + e] += weight * g[e];
        }

        for (int d = 0; d < _d; d++)
        {
            _result.Queries[query + d] += factor * flow * Phi(_problem.K[key + d]) * Slope(_problem.Q[query + d]);
            _result.Keys[key + d] += factor * flow * Phi(_problem.Q[query + d]) * Slope(_problem.K[key + d]);
        }

        AddSlope(h, steps, weight * flow);
    }

    /// <summary>What one query reads of the initial state.</summary>
    private void InitialState(int h, int steps, int query, int index, double[] g, double r)
    {
        double factor = _declaration.Scale * Decay(h, steps);
        for (int d = 0; d < _d; d++)
        {
            int row = (index * _d) + d;
            double q = factor * Phi(_problem.Q[query + d]);
            double flow = 0;
            for (int e = 0; e < _e; e++)
            {
                flow += g[e] * _problem.InitialState[(row * _e) + e];
                _result.InitialState[(row * _e) + e] += q * g[e];
            }

            if (_declaration.IsNormalized)
            {
                flow -= r * _problem.InitialNormalizer[row];
                _result.InitialNormalizer[row] -= q * r;
            }

            _result.Queries[query + d] += factor * flow * Slope(_problem.Q[query + d]);
            AddSlope(h, steps, q * flow);
        }
    }

    /// <summary>What the final state holds of the keys, the values and the initial state.</summary>
    private void FinalState(int batch, int h, int index, int keyStart, int keyLength, int[] seen)
    {
        for (int d = 0; d < _d; d++)
        {
            int row = (index * _d) + d;
            double normalizerGradient = _declaration.IsNormalized ? _backward.FinalNormalizerGradient[row] : 0;
            foreach (int s in seen)
            {
                int key = _problem.KeyRow(batch, h, keyStart + s) + d;
                int value = _problem.ValueRow(batch, h, keyStart + s);
                double factor = Decay(h, keyLength - 1 - s);
                double flow = normalizerGradient;
                for (int e = 0; e < _e; e++)
                {
                    double gradient = _backward.FinalStateGradient[(row * _e) + e];
                    flow += gradient * _problem.V[value + e];
                    _result.Values[value + e] += factor * Phi(_problem.K[key]) * gradient;
                }

                _result.Keys[key] += factor * flow * Slope(_problem.K[key]);
                AddSlope(h, keyLength - 1 - s, factor * Phi(_problem.K[key]) * flow);
            }

            if (_problem.InitialState.Length > 0)
                Carried(h, row, keyLength, normalizerGradient);
        }
    }

    /// <summary>A row of the initial state that is still there in the final one.</summary>
    private void Carried(int h, int row, int keyLength, double normalizerGradient)
    {
        double factor = Decay(h, keyLength);
        for (int e = 0; e < _e; e++)
        {
            double gradient = factor * _backward.FinalStateGradient[(row * _e) + e];
            _result.InitialState[(row * _e) + e] += gradient;
            AddSlope(h, keyLength, gradient * _problem.InitialState[(row * _e) + e]);
        }

        if (!_declaration.IsNormalized)
            return;
        _result.InitialNormalizer[row] += factor * normalizerGradient;
        AddSlope(h, keyLength, factor * normalizerGradient * _problem.InitialNormalizer[row]);
    }

    /// <summary>A term that holds lambda^steps = exp(-slope steps).</summary>
    private void AddSlope(int h, int steps, double term)
    {
        if (_result.Slopes.Length > 0)
            _result.Slopes[h] -= steps * term;
    }

    private double Phi(double x) => _declaration.Map.Value(x);

    private double Slope(double x) => _declaration.Map.Derivative(x);

    /// <summary>lambda^steps; 1 where nothing fades, whatever the direction.</summary>
    private double Decay(int head, int steps) => _slopes.Length == 0 ? 1 : Math.Exp(-_slopes[head] * steps);
}
