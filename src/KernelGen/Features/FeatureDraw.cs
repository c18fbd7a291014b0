namespace KernelGen;

/// <summary>Draws matrices of random features, [M, D].</summary>
internal static class FeatureDraw
{
    public static double[] Matrix(RandomFeatures draw, int features, int headDim, GaussianNumbers random)
    {
        double[] matrix = new double[features * headDim];
        if (draw == RandomFeatures.Gaussian)
        {
            foreach (ref double number in matrix.AsSpan())
                number = random.Next();
            return matrix;
        }

        for (int first = 0; first < features; first += headDim)
        {
            Span<double> block = matrix.AsSpan(first * headDim, Math.Min(headDim, features - first) * headDim);
            if (draw == RandomFeatures.Givens)
                RotatedAxes(block, headDim, random);
            else
                OrthogonalRows(block, headDim, random);
        }

        for (int m = 0; m < features; m++)
        {
            double length = draw == RandomFeatures.OrthogonalEqualNorms ? Math.Sqrt(headDim) : GaussianLength(headDim, random);
            foreach (ref double number in matrix.AsSpan(m * headDim, headDim))
                number *= length;
        }

        return matrix;
    }

    /// <summary>
    /// Orthogonal rows of length 1 in directions that are uniform: N(0, I) rows made orthogonal one after the other, each twice, since once leaves the rounding errors of
    /// what is subtracted.
    /// </summary>
    private static void OrthogonalRows(Span<double> rows, int width, GaussianNumbers random)
    {
        for (int r = 0; r < rows.Length; r += width)
        {
            Span<double> row = rows.Slice(r, width);
            double length;
            do
            {
                foreach (ref double number in row)
                    number = random.Next();
                for (int time = 0; time < 2; time++)
                {
                    for (int earlier = 0; earlier < r; earlier += width)
                        Subtract(row, rows.Slice(earlier, width));
                }

                length = Math.Sqrt(Dot(row, row));
            }
            while (length < 1e-6);

            foreach (ref double number in row)
                number /= length;
        }
    }

    /// <summary>The first rows of a product of D ceil(ln D) rotations, each in the plane of two random axes by a random angle.</summary>
    private static void RotatedAxes(Span<double> rows, int width, GaussianNumbers random)
    {
        double[] product = new double[width * width];
        for (int i = 0; i < width; i++)
            product[i * (width + 1)] = 1;
        int rotations = width * (int)Math.Ceiling(Math.Log(width));
        for (int n = 0; n < rotations; n++)
        {
            // Two different axes: the second is one of the others.
            int first = random.Below(width), second = random.Below(width - 1);
            second += second >= first ? 1 : 0;
            (double cosine, double sine) = random.Direction();
            for (int c = 0; c < width; c++)
            {
                double a = product[(first * width) + c], b = product[(second * width) + c];
                product[(first * width) + c] = (cosine * a) + (sine * b);
                product[(second * width) + c] = (cosine * b) - (sine * a);
            }
        }

        product.AsSpan(0, rows.Length).CopyTo(rows);
    }

    private static void Subtract(Span<double> row, ReadOnlySpan<double> unit)
    {
        double along = Dot(row, unit);
        for (int i = 0; i < row.Length; i++)
            row[i] -= along * unit[i];
    }

    private static double GaussianLength(int width, GaussianNumbers random)
    {
        double sum = 0;
        for (int i = 0; i < width; i++)
        {
            double number = random.Next();
            sum += number * number;
        }

        return Math.Sqrt(sum);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
