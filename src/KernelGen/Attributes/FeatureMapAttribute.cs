namespace KernelGen;

/// <summary>
/// Marks the class's own feature map: a <c>static float M(float x)</c> (or double, where the declaration's element type is).
/// The body is read at compile time, vectorised on every target and differentiated symbolically: arithmetic, comparisons,
/// conditional expressions, if and return, locals, constants, the MathF and Math functions that have a vector form, and calls to
/// other such static methods.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = false)]
public sealed class FeatureMapAttribute : Attribute;
