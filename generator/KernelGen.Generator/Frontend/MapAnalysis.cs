using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// Warns of maps that spoil a result for ordinary inputs. Nothing is said on suspicion: where bounds on the map do not exclude the fault, it
/// is looked for at a few inputs in the arithmetic of the element type, and reported with the input that shows it.
/// </summary>
internal static class MapAnalysis
{
    // Ordinary inputs: up to a little beyond where exp overflows.
    private static readonly double[] SinglePlaces = { 0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 5, -5, 10, -10, 20, -20, 50, -50, 100, -100 };
    private static readonly double[] DoublePlaces = SinglePlaces.Concat(new double[] { 200, -200, 500, -500, 1000, -1000 }).ToArray();

    public static void Check(Expr map, string name, ElementType elementType, bool isNormalized, Location where, Findings findings)
    {
        bool isSingle = elementType == ElementType.Float32;
        double[] places = isSingle ? SinglePlaces : DoublePlaces;
        double greatestInput = places[places.Length - 2];
        Interval range = IntervalAnalysis.Range(map, new Interval(-greatestInput, greatestInput));
        double greatest = isSingle ? float.MaxValue : double.MaxValue;
        bool mayBeNegative = isNormalized && range.Lower < 0;
        bool mayFail = range.MayBeNaN || range.Lower < -greatest || range.Upper > greatest;
        foreach (double x in places)
        {
            if (!mayBeNegative && !mayFail)
                return;
            double value = ExprEvaluator.Evaluate(map, x, isSingle ? value => (float)value : null);
            bool isFinite = Math.Abs(value) <= greatest;
            if (mayFail && !isFinite)
            {
                findings.Add(Diagnostics.MapNotFinite, where, At(x), Shown(value));
                mayFail = false;
            }
            else if (mayBeNegative && isFinite && value < 0)
            {
                findings.Add(Diagnostics.MapCanBeNegative, where, At(x), Shown(value));
                mayBeNegative = false;
            }
        }

        string At(double x) => name + "(" + NumberText.Of(x) + ")";

        static string Shown(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
    }
}
