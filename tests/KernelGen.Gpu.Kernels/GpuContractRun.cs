using System.Globalization;
using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Kernels;

/// <summary>The scenarios of <see cref="GpuContract"/> for one variant; each gives its worst error.</summary>
public abstract class GpuContractRun : IDisposable
{
    /// <summary>What the declaration became.</summary>
    public abstract GpuInfo Info { get; }

    /// <param name="scenario">Its name.</param>
    public abstract double Run(string scenario);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool isDisposing);
}

/// <param name="accelerator">Where.</param>
/// <param name="load">Loads the kernels.</param>
/// <param name="variant">The declaration.</param>
/// <param name="seed">Of what is drawn.</param>
/// <param name="to">A number as tensors hold it.</param>
/// <param name="from">And back.</param>
internal sealed partial class GpuContractRun<T>(Accelerator accelerator, Func<GpuDevice, GpuAttention<T>> load, GpuVariant variant, int seed, Func<float, T> to, Func<T, float> from) : GpuContractRun
    where T : unmanaged
{
    private readonly GpuAttention<T> _attention = load(GpuDevice.On(accelerator));
    private int _calls;

    /// <summary>Whether products are tensor cores': steps' are not, which are then no worse.</summary>
    private bool OnTensorCores => variant.Format != GpuFormat.Single && TensorCore.IsSupported(accelerator);

    public override GpuInfo Info => _attention.Info;

    public override double Run(string scenario) => scenario switch
    {
        "small" => new[] { 0, 1, 33, 70 }.Max(length => Whole(Case(1, length, 2, 2, masked: false))),
        "options" => new[] { Masked(), HeadsFirst(), Packed() }.Max(),
        "stream" => variant.Causal ? Streamed() : 0,
        "refuse" => Math.Max(Refused(), BackwardRefused()),
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
        using GpuState state = _attention.CreateState(1, c.Heads);
        float[] got = new float[o.Length];
        int first = 0;
        foreach (int take in new[] { 40, 31, 1, 1, 2 })
        {
            int d = variant.HeadDim * c.Heads, e = variant.ValueDim * c.Heads;
            using var q = Upload(c.Q[(first * d)..((first + take) * d)]);
            using var k = Upload(c.K[(first * d)..((first + take) * d)]);
            using var v = Upload(c.V[(first * e)..((first + take) * e)]);
            using var piece = accelerator.Allocate1D<T>(take * e);
            _attention.Forward(q.View, k.View, v.View, piece.View, new AttentionShape(1, take, c.Heads), new GpuForwardOptions { State = state, Slopes = SlopesOf(c) });
            accelerator.Synchronize();
            Numbers(piece).CopyTo(got, first * e);
            first += take;
        }

        double error = variant.Error(got, o);
        using var sum = accelerator.Allocate1D(GpuContract.Poisoned(sums.Length));
        using var normalizer = accelerator.Allocate1D(GpuContract.Poisoned(normalizers.Length));
        ArrayView<float> z = variant.Normalized ? normalizer.View.SubView(0, normalizers.Length) : ArrayView<float>.Empty;
        state.CopyTo(sum.View.SubView(0, sums.Length), z);
        accelerator.Synchronize();
        error = Math.Max(error, Plain(sum, sums));
        return variant.Normalized ? Math.Max(error, Plain(normalizer, normalizers)) : error;
    }

    /// <summary>A sequence that is cut, through a state that another call has left: the state after it is the whole's.</summary>
    private double CutStream()
    {
        GpuCase c = Case(1, 640, 1, 1, masked: false);
        (double[] o, double[] sums, _) = c.Expect(null, null);
        if (!variant.Causal)
            return 0;
        using GpuState state = _attention.CreateState(1, c.Heads);
        float[] got = new float[o.Length];
        int first = 0;
        foreach (int take in new[] { 40, 600 })
        {
            using var q = Upload(c.Q[(first * variant.HeadDim)..((first + take) * variant.HeadDim)]);
            using var k = Upload(c.K[(first * variant.HeadDim)..((first + take) * variant.HeadDim)]);
            using var v = Upload(c.V[(first * variant.ValueDim)..((first + take) * variant.ValueDim)]);
            using var piece = accelerator.Allocate1D<T>(take * variant.ValueDim);
            _attention.Forward(q.View, k.View, v.View, piece.View, new AttentionShape(1, take, c.Heads), new GpuForwardOptions { State = state, Slopes = SlopesOf(c) });
            accelerator.Synchronize();
            Numbers(piece).CopyTo(got, first * variant.ValueDim);
            first += take;
        }

        using var sum = accelerator.Allocate1D<float>(sums.Length);
        using var normalizer = accelerator.Allocate1D<float>(variant.HeadDim);
        state.CopyTo(sum.View, variant.Normalized ? normalizer.View : ArrayView<float>.Empty);
        accelerator.Synchronize();
        return Math.Max(variant.Error(got, o), Plain(sum, sums));
    }

    /// <summary>Wrong arguments are refused by name, and nothing is written: 0 where all were.</summary>
    private double Refused()
    {
        GpuCase c = Case(1, 8, 2, 2, masked: false);
        using var q = Upload(c.Q);
        using var k = Upload(c.K);
        using var v = Upload(c.V);
        int count = c.Length * c.Heads * variant.ValueDim;
        using var o = Poisoned(count);
        using var both = accelerator.Allocate1D<T>(c.V.Length + count);
        using GpuAttention<T> other = load(_attention.Device);
        using GpuState foreign = other.CreateState(1, c.Heads), narrow = _attention.CreateState(1, c.Heads + 1);
        ArrayView<T> output = o.View.SubView(0, count);
        GpuForwardOptions options = new() { Slopes = SlopesOf(c) };
        bool isRefused = Names("q", () => _attention.Forward(q.View.SubView(0, 1), k.View, v.View, output, Shape(c), options))
            && Names("v", () => _attention.Forward(q.View, k.View, k.View.SubView(0, 3), output, Shape(c), options))
            && Names("o", () => _attention.Forward(q.View, k.View, both.View.SubView(0, c.V.Length), both.View.SubView(c.V.Length - 4, count), Shape(c), options))
            && Names("shape.Heads", () => _attention.Forward(q.View, k.View, v.View, output, Shape(c) with { Heads = 0 }, options))
            && Names("options.State", () => _attention.Forward(q.View, k.View, v.View, output, Shape(c), options with { State = foreign }))
            && Names("options.State", () => _attention.Forward(q.View, k.View, v.View, output, Shape(c), options with { State = narrow }))
            && Names("options.CuSeqlens", () => _attention.Forward(q.View, k.View, v.View, output, Shape(c), options with { CuSeqlens = new[] { 0, 9 } }));
        accelerator.Synchronize();
        return isRefused && Numbers(o).All(float.IsNaN) ? 0 : double.PositiveInfinity;
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
        using var dq = Upload(q);
        using var dk = Upload(k);
        using var dv = Upload(v);
        using var mask = accelerator.Allocate1D(c.Mask.Length == 0 ? [1] : c.Mask);
        using var o = Poisoned(want.O.Length);
        options = options with { KeyMask = c.Mask.Contains((byte)0) ? mask.View : ArrayView<byte>.Empty, Slopes = SlopesOf(c) };
        _attention.Forward(dq.View.SubView(0, q.Length), dk.View.SubView(0, k.Length), dv.View.SubView(0, v.Length), o.View.SubView(0, want.O.Length), shape, options);
        accelerator.Synchronize();
        float[] got = Numbers(o);
        return variant.Error([.. order(got[..want.O.Length]), .. got[want.O.Length..]], want.O);
    }

    private AttentionShape Shape(GpuCase c) => new(c.Batch, c.Length, c.Heads) { KeyValueHeads = c.KeyHeads, KeyLength = variant.Causal ? 0 : c.KeyLength };

    private ReadOnlyMemory<float> SlopesOf(GpuCase c) => variant.Decay == Decay.PerHead ? c.Slopes : default(ReadOnlyMemory<float>);

    protected override void Dispose(bool isDisposing) => _attention.Dispose();

    private MemoryBuffer1D<T, Stride1D.Dense> Upload(float[] values) => accelerator.Allocate1D(values.Length == 0 ? [to(0f)] : values.Select(to).ToArray());

    private MemoryBuffer1D<T, Stride1D.Dense> Poisoned(int count) => accelerator.Allocate1D(GpuContract.Poisoned(count).Select(to).ToArray());

    private float[] Numbers(MemoryBuffer1D<T, Stride1D.Dense> buffer) => [.. buffer.GetAsArray1D().Select(from)];

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
