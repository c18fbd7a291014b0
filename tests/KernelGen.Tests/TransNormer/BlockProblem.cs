namespace KernelGen.Tests.TransNormer;

/// <summary>Random weights and rows of a block, in double precision.</summary>
internal sealed class BlockProblem
{
    private readonly Random _random = new(77);
    private readonly int _embed;

    public BlockProblem(int batch, int length, int embed, int heads, int hidden, int glu, bool isMasked)
    {
        (Batch, Length, _embed) = (batch, length, embed);
        X = Numbers(batch * length * embed, 1);
        OutputGradient = Numbers(X.Length, 1);
        Qkvu = Numbers(4 * hidden * embed, 0.4);
        Output = Numbers(embed * hidden, 0.4);
        Gate = Numbers(glu * embed, 0.4);
        Up = Numbers(glu * embed, 0.4);
        Down = Numbers(embed * glu, 0.4);
        Slopes = new double[heads];
        LightningSlopes.Fill(Slopes, 1, 4);
        Mask = isMasked ? Enumerable.Range(0, batch * length).Select(t => t % 5 != 2).ToArray() : [];
    }

    public int Batch { get; }

    public int Length { get; }

    public double[] X { get; }

    public double[] OutputGradient { get; }

    public double[] Qkvu { get; }

    public double[] Output { get; }

    public double[] Gate { get; }

    public double[] Up { get; }

    public double[] Down { get; }

    public double[] Slopes { get; }

    public bool[] Mask { get; }

    public TransNormerParameters<double> Parameters => new() { Qkvu = Qkvu, Output = Output, Gate = Gate, Up = Up, Down = Down, Slopes = Slopes };

    /// <summary>The rows of one token of every sequence.</summary>
    public double[] Token(double[] rows, int token) =>
        Enumerable.Range(0, Batch).SelectMany(b => rows.Skip(((b * Length) + token) * _embed).Take(_embed)).ToArray();

    private double[] Numbers(int count, double scale) => Enumerable.Range(0, count).Select(_ => (double)(float)(((2 * _random.NextDouble()) - 1) * scale)).ToArray();
}
