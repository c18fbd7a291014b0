using System.Globalization;
using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Kernels;

/// <summary>The scenarios of <see cref="GpuContract"/> for one variant; each gives its worst error.</summary>
internal sealed partial class GpuContractRun(Accelerator accelerator, GpuAttention attention, GpuVariant variant, int seed)
{
    private int _calls;

    public double Run(string scenario) => scenario switch
    {
        "small" => new[] { 0, 1, 33, 70 }.Max(length => Whole(Case(1, length, 2, 2, masked: false))),
        "options" => new[] { Masked(), HeadsFirst(), Packed() }.Max(),
        "stream" => variant.Causal ? Streamed() : 0,
        "refuse" => Refused(),
        "backward" => new[] { 0, 1, 33, 70 }.Max(length => Backward(Case(1, length, 2, 2, masked: false), withStates: false)),
        "backward-options" => new[] { Backward(Case(2, 40, 4, 2, masked: true), withStates: true), BackwardHeadsFirst(), BackwardPacked() }.Max(),
        "cut" => Math.Max(Whole(Case(1, 600, 1, 1, masked: true)), Math.Max(CutStream(), Backward(Case(1, 520, 1, 1, masked: true), withStates: true))),
        "backward-real" => Backward(Case(1, 512, 8, 2, masked: true), withStates: true),
        _ when scenario.StartsWith("backward-length=", StringComparison.Ordinal) => Backward(Case(1, int.Parse(scenario[16..], CultureInfo.InvariantCulture), 1, 1, masked: false), withStates: false),
        "real" => Whole(Case(1, 512, 8, 2, masked: true)),
        _ when scenario.StartsWith("length=", StringComparison.Ordinal) => Whole(Case(1, int.Parse(scenario[7..], CultureInfo.InvariantCulture), 1, 1, masked: false)),
        _ => throw new ArgumentException($"no scenario {scenario}", nameof(scenario)),
    };

    private GpuCase Case(int batch, int length, int heads, int keyHeads, bool masked) =>
        new(variant, batch, length, heads, keyHeads, variant.Causal || length == 0 ? length : length + 13, seed + _calls++, masked);

    private double Whole(GpuCase c) => Call(c, Shape(c), c.Q, c.K, c.V, c.Expect(null, null), o => o, new GpuForwardOptions());

    private double Masked() => Whole(Case(2, 40, 4, 2, masked: true));

    private double HeadsFirst()
    {
        GpuCase c = Case(2, 37, 4, 2, masked: true);
        return Call(
            c, Shape(c) with { Layout = TensorLayout.HeadFirst },
            Turn(c.Q, c.Batch, c.Length, c.Heads, variant.HeadDim), Turn(c.K, c.Batch, c.KeyLength, c.KeyHeads, variant.HeadDim), Turn(c.V, c.Batch, c.KeyLength, c.KeyHeads, variant.ValueDim),
            c.Expect(null, null), o => Turn(o, c.Batch, c.Heads, c.Length, variant.ValueDim), new GpuForwardOptions());
    }

    private double Packed()
    {
        GpuCase c = Case(1, 90, 2, 1, masked: true);
        int[] starts = [0, 35, 35, 90], keyStarts = variant.Causal ? starts : [0, 50, 50, 103];
        return Call(
            c, Shape(c), c.Q, c.K, c.V, c.Expect(starts, keyStarts), o => o,
            new GpuForwardOptions { CuSeqlens = starts, KeyCuSeqlens = variant.Causal ? default(ReadOnlyMemory<int>) : keyStarts });
    }

    /// <summary>A prefix, another, and single tokens, through a state: outputs of the whole, and the state after it.</summary>
    private double Streamed()
    {
        GpuCase c = Case(1, 75, 2, 2, masked: false);
        (double[] o, double[] sums, double[] normalizers) = c.Expect(null, null);
        using GpuState state = attention.CreateState(1, c.Heads);
        float[] got = new float[o.Length];
        int first = 0;
        foreach (int take in new[] { 40, 31, 1, 1, 2 })
        {
            int d = variant.HeadDim * c.Heads, e = variant.ValueDim * c.Heads;
            using var q = accelerator.Allocate1D(c.Q[(first * d)..((first + take) * d)]);
            using var k = accelerator.Allocate1D(c.K[(first * d)..((first + take) * d)]);
            using var v = accelerator.Allocate1D(c.V[(first * e)..((first + take) * e)]);
            using var piece = accelerator.Allocate1D<float>(take * e);
            attention.Forward(q.View, k.View, v.View, piece.View, new AttentionShape(1, take, c.Heads), new GpuForwardOptions { State = state, Slopes = SlopesOf(c) });
            accelerator.Synchronize();
            piece.GetAsArray1D().CopyTo(got, first * e);
            first += take;
        }

        double error = GpuContract.Error(got, o);
        using var sum = accelerator.Allocate1D(GpuContract.Poisoned(sums.Length));
        using var normalizer = accelerator.Allocate1D(GpuContract.Poisoned(normalizers.Length));
        ArrayView<float> z = variant.Normalized ? normalizer.View.SubView(0, normalizers.Length) : ArrayView<float>.Empty;
        state.CopyTo(sum.View.SubView(0, sums.Length), z);
        accelerator.Synchronize();
        error = Math.Max(error, GpuContract.Error(sum.GetAsArray1D(), sums));
        return variant.Normalized ? Math.Max(error, GpuContract.Error(normalizer.GetAsArray1D(), normalizers)) : error;
    }

    /// <summary>A sequence that is cut, through a state that another call has left: the state after it is the whole's.</summary>
    private double CutStream()
    {
        GpuCase c = Case(1, 640, 1, 1, masked: false);
        (double[] o, double[] sums, _) = c.Expect(null, null);
        if (!variant.Causal)
            return 0;
        using GpuState state = attention.CreateState(1, c.Heads);
        float[] got = new float[o.Length];
        int first = 0;
        foreach (int take in new[] { 40, 600 })
        {
            using var q = accelerator.Allocate1D(c.Q[(first * variant.HeadDim)..((first + take) * variant.HeadDim)]);
            using var k = accelerator.Allocate1D(c.K[(first * variant.HeadDim)..((first + take) * variant.HeadDim)]);
            using var v = accelerator.Allocate1D(c.V[(first * variant.ValueDim)..((first + take) * variant.ValueDim)]);
            using var piece = accelerator.Allocate1D<float>(take * variant.ValueDim);
            attention.Forward(q.View, k.View, v.View, piece.View, new AttentionShape(1, take, c.Heads), new GpuForwardOptions { State = state, Slopes = SlopesOf(c) });
            accelerator.Synchronize();
            piece.GetAsArray1D().CopyTo(got, first * variant.ValueDim);
            first += take;
        }

        using var sum = accelerator.Allocate1D<float>(sums.Length);
        using var normalizer = accelerator.Allocate1D<float>(variant.HeadDim);
        state.CopyTo(sum.View, variant.Normalized ? normalizer.View : ArrayView<float>.Empty);
        accelerator.Synchronize();
        return Math.Max(GpuContract.Error(got, o), GpuContract.Error(sum.GetAsArray1D(), sums));
    }

    /// <summary>Wrong arguments are refused by name, and nothing is written: 0 where all were.</summary>
    private double Refused()
    {
        GpuCase c = Case(1, 8, 2, 2, masked: false);
        using var q = accelerator.Allocate1D(c.Q);
        using var k = accelerator.Allocate1D(c.K);
        using var v = accelerator.Allocate1D(c.V);
        int count = c.Length * c.Heads * variant.ValueDim;
        using var o = accelerator.Allocate1D(GpuContract.Poisoned(count));
        using var both = accelerator.Allocate1D<float>(c.V.Length + count);
        using GpuAttention other = variant.Load(attention.Device);
        using GpuState foreign = other.CreateState(1, c.Heads), narrow = attention.CreateState(1, c.Heads + 1);
        ArrayView<float> output = o.View.SubView(0, count);
        GpuForwardOptions options = new() { Slopes = SlopesOf(c) };
        bool isRefused = Names("q", () => attention.Forward(q.View.SubView(0, 1), k.View, v.View, output, Shape(c), options))
            && Names("v", () => attention.Forward(q.View, k.View, k.View.SubView(0, 3), output, Shape(c), options))
            && Names("o", () => attention.Forward(q.View, k.View, both.View.SubView(0, c.V.Length), both.View.SubView(c.V.Length - 4, count), Shape(c), options))
            && Names("shape.Heads", () => attention.Forward(q.View, k.View, v.View, output, Shape(c) with { Heads = 0 }, options))
            && Names("options.State", () => attention.Forward(q.View, k.View, v.View, output, Shape(c), options with { State = foreign }))
            && Names("options.State", () => attention.Forward(q.View, k.View, v.View, output, Shape(c), options with { State = narrow }))
            && Names("options.CuSeqlens", () => attention.Forward(q.View, k.View, v.View, output, Shape(c), options with { CuSeqlens = new[] { 0, 9 } }));
        accelerator.Synchronize();
        return isRefused && o.GetAsArray1D().All(float.IsNaN) ? 0 : double.PositiveInfinity;
    }

    private static bool Names(string parameter, Action call)
    {
        try
        {
            call();
        }
        catch (ArgumentException refused) when (refused.ParamName == parameter)
        {
            return true;
        }
        catch (ArgumentException other)
        {
            Console.WriteLine($"{other.ParamName} was named, not {parameter}: {other.Message}");
            return false;
        }

        Console.WriteLine($"a wrong {parameter} was not refused");
        return false;
    }

    private double Call(GpuCase c, AttentionShape shape, float[] q, float[] k, float[] v, (double[] O, double[] Sums, double[] Normalizers) want, Func<float[], float[]> order, GpuForwardOptions options)
    {
        using var dq = accelerator.Allocate1D(NotEmpty(q));
        using var dk = accelerator.Allocate1D(NotEmpty(k));
        using var dv = accelerator.Allocate1D(NotEmpty(v));
        using var mask = accelerator.Allocate1D(c.Mask.Length == 0 ? [1] : c.Mask);
        using var o = accelerator.Allocate1D(GpuContract.Poisoned(want.O.Length));
        options = options with { KeyMask = c.Mask.Contains((byte)0) ? mask.View : ArrayView<byte>.Empty, Slopes = SlopesOf(c) };
        attention.Forward(dq.View.SubView(0, q.Length), dk.View.SubView(0, k.Length), dv.View.SubView(0, v.Length), o.View.SubView(0, want.O.Length), shape, options);
        accelerator.Synchronize();
        float[] got = o.GetAsArray1D();
        return GpuContract.Error([.. order(got[..want.O.Length]), .. got[want.O.Length..]], want.O);
    }

    private AttentionShape Shape(GpuCase c) => new(c.Batch, c.Length, c.Heads) { KeyValueHeads = c.KeyHeads, KeyLength = variant.Causal ? 0 : c.KeyLength };

    private ReadOnlyMemory<float> SlopesOf(GpuCase c) => variant.Decay == Decay.PerHead ? c.Slopes : default(ReadOnlyMemory<float>);

    private static float[] NotEmpty(float[] values) => values.Length == 0 ? [0f] : values;

    /// <summary>[B, X, Y, width] to [B, Y, X, width].</summary>
    private static float[] Turn(float[] from, int batch, int x, int y, int width)
    {
        float[] to = new float[from.Length];
        for (int b = 0; b < batch; b++)
        {
            for (int i = 0; i < x; i++)
            {
                for (int j = 0; j < y; j++)
                    from.AsSpan(((((b * x) + i) * y) + j) * width, width).CopyTo(to.AsSpan(((((b * y) + j) * x) + i) * width));
            }
        }

        return to;
    }
}
