using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Tests;

/// <summary>Diagnostics of a map's code: each at the exact expression or statement.</summary>
public class FeatureMapDiagnosticsTests
{
    [Theory]
    [InlineData("float Phi(float x) => {|KG0101:x % 2f|};")]
    [InlineData("float Phi(float x) => {|KG0101:new[] { 1f, x }[0]|};")]
    [InlineData("float Phi(float x) { float y; return ({|KG0101:y = x|}) + y; }")]
    [InlineData("float Phi(float x) => x > 0 ? x : {|KG0101:throw new Exception()|};")]
    [InlineData("float Phi(float x) { float y = x; {|KG0101:y %= 2f|}; return y; }")]
    [InlineData("unsafe float Phi(float x) { float y = MathF.Abs(x); return {|KG0101:*&y|}; }")]
    [InlineData("float Phi(float x) { {|KG0102:for (int i = 0; i < 3; i++) x += 1f;|} return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { {|KG0102:while (x > 1f) x /= 2f;|} return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { {|KG0102:throw new Exception();|} }")]
    [InlineData("float Phi(float x) { {|KG0102:Console.WriteLine(x)|}; return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { {|KG0102:try { return x; } finally { }|} }")]
    [InlineData("float Phi(float x) { {|KG0102:switch (x) { case > 0f: return x; default: return 1f; }|} }")]
    [InlineData("float Phi(float x) { ref float {|KG0102:y = ref x|}; return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { {|KG0102:lock (string.Empty) { }|} return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { {|KG0102:goto end;|} {|KG0102:end: return MathF.Abs(x);|} }")]
    [InlineData("float Phi(float x) => {|KG0103:MathF.Cbrt(x)|};")]
    [InlineData("float Phi(float x) => {|KG0103:MathF.Log(x, 2f)|};")]
    [InlineData("float Phi(float x) => {|KG0103:MathF.Round(x, MidpointRounding.AwayFromZero)|};")]
    [InlineData("float Phi(float x) => {|KG0103:System.Numerics.Vector2.Dot(default, default)|} + MathF.Abs(x);")]
    [InlineData("float Phi(float x) => {|KG0103:Generic(x)|}; static T Generic<T>(T x) => x;")]
    [InlineData("float Phi(float x) { return {|KG0103:Local()|}; float Local() => x; }")]
    [InlineData("float Phi(float x) => {|KG0103:ByRef(in x)|}; static float ByRef(in float x) => x;")]
    [InlineData("float Phi(float x) => {|KG0103:Square(x)|}; static readonly Func<float, float> Square = x => x * x;")]
    [InlineData("float Phi(float x) => {|KG0104:Phi(x)|};")]
    [InlineData("float Phi(float x) => Odd(x); static float Odd(float x) => Even(x - 1f); static float Even(float x) => {|KG0104:Odd(x - 1f)|};")]
    [InlineData("float Phi(float x) => {|KG0105:(int)x|} * 2f;")]
    [InlineData("float Phi(float x) { int {|KG0105:n = (int)x|}; return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { decimal {|KG0105:n = 1m|}; return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) { string {|KG0105:s = \"a\"|}; return MathF.Abs(x); }")]
    [InlineData("float Phi(float x) => {|KG0101:(float)(Half)x|};")]
    [InlineData("float Phi(float x) => {|KG0103:MathF.Sign(x)|} * x;")]
    [InlineData("float Phi(float x) => x * {|KG0106:Slope|}; static float Slope;")]
    [InlineData("float Phi(float x) => x * {|KG0106:Slope|}; static readonly float Slope = 2f;")]
    [InlineData("float Phi(float x) => x * {|KG0106:Slope|}; static float Slope => 2f;")]
    [InlineData("float Phi(float x) { {|KG0106:Slope|} = x; return MathF.Abs(x); } static float Slope;")]
    [InlineData("float Phi(float x) => x * {|KG0106:default((float A, float B)).A|};")]
    [InlineData("float Phi(float x) => MathF.Pow(x, {|KG0107:x|});")]
    [InlineData("float Phi(float x) => MathF.Pow(x, {|KG0107:17f|});")]
    [InlineData("float Phi(float x) => MathF.Pow(x, {|KG0107:0.3f|});")]
    [InlineData("float Phi(float x) => {|KG0109:x switch { > 0f => x, < 0f => -x }|};")]
    [InlineData("float {|KG0110:Phi|}(float x) => MathF.Sin(x);")]
    [InlineData("float {|KG0110:Phi|}(float x) => MathF.Tanh(x);")]
    [InlineData("float {|KG0110:Phi|}(float x) => x > 0f ? x : 0.01f * x;")]
    [InlineData("float {|KG0111:Phi|}(float x) => MathF.Exp(x);")]
    [InlineData("float {|KG0111:Phi|}(float x) => MathF.Exp(x) / (1f + MathF.Exp(x));")]
    [InlineData("float {|KG0111:Phi|}(float x) => MathF.Sqrt(x);")]
    [InlineData("float {|KG0111:Phi|}(float x) => 1f / MathF.Abs(x);")]
    [InlineData("float {|KG0110:{|KG0111:Phi|}|}(float x) => MathF.Sinh(x);")]
    [InlineData("float Phi(float x) => (float)({|KG0112:x * x + 1.0|});")]
    [InlineData("float Phi(float x) => (float){|KG0112:Math.Exp(-Math.Abs((double)x))|};")]
    [InlineData("extern float {|KG0113:Phi|}(float x);")]
    [InlineData("float Phi(float x) => {|KG0113:Native(x)|}; static extern float Native(float x);")]
    public async Task Read_Fault_IsReportedAtItsPlace(string map) => await Analysis.Verify(Source(map));

    [Theory]
    [InlineData("float Phi(float x) => MathF.Exp(MathF.Min(x, 20f));")]
    [InlineData("float Phi(float x) => x > 0f ? x + 1f : MathF.Exp(x);")]
    [InlineData("float Phi(float x) => MathF.Max(x, 0f);")]
    [InlineData("float Phi(float x) => x * x;")]
    [InlineData("float Phi(float x) => 1f / (1f + x * x);")]
    [InlineData("float Phi(float x) => 1f / (1f + MathF.Exp(-MathF.Abs(x)));")]
    [InlineData("float Phi(float x) => 1f + MathF.Sin(x);")]
    [InlineData("float Phi(float x) => (float)2.0 * MathF.Abs(x);")]
    public async Task Read_SoundMap_IsSilent(string map) => await Analysis.Verify(Source(map));

    [Theory]
    [InlineData("HeadDim = 64, Normalize = false", "float Phi(float x) => MathF.Sin(x);")]
    [InlineData("HeadDim = 64, DType = DType.Float64", "double Phi(double x) => Math.Exp(Math.Min(x, 500.0));")]
    [InlineData("HeadDim = 64, DType = DType.Float64", "double {|KG0111:Phi|}(double x) => Math.Exp(x);")]
    [InlineData("HeadDim = 64, DType = DType.Float64", "double Phi(double x) => {|KG0105:(float)x|};")]
    [InlineData("HeadDim = 64, DType = DType.Float64", "double Phi(double x) => {|KG0105:MathF.Exp({|KG0105:(float)x|})|};")]
    public async Task Read_OtherDeclarations_HaveTheirOwnFaults(string arguments, string map) => await Analysis.Verify(Source(map, arguments));

    [Fact]
    public async Task Analysis_Message_NamesAnInputThatShowsIt()
    {
        IReadOnlyList<Diagnostic> found = await Analysis.Verify(Source("float {|KG0110:Phi|}(float x) => MathF.Tanh(x);"), Source("float {|KG0111:Phi|}(float x) => MathF.Exp(x);").Replace("App", "App2", StringComparison.Ordinal));
        Assert.StartsWith("Phi(-1) = -0.761594 is negative", found[0].GetMessage(null), StringComparison.Ordinal);
        Assert.StartsWith("Phi(100) = Infinity: ", found[1].GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analysis_BuiltInIdentityNormalised_WarnsAtTheArgument() => await Analysis.Verify(
        "using KernelGen;\n[LinearAttention(HeadDim = 64, {|KG0110:FeatureMap = FeatureMap.Identity|})] partial class A { }");

    [Fact]
    public async Task Read_SeveralFaults_AreAllReportedOnce() => await Analysis.Verify(Source(
        "float Phi(float x) { float a = {|KG0103:MathF.Cbrt(x)|}; float b = {|KG0101:x % 2f|} + Bad(x); if ({|KG0106:S|} > 0f) return Bad(a); return a + b; } static float S; static float Bad(float x) => {|KG0103:MathF.Tan(x)|};"));

    [Fact]
    public async Task Read_HelperInAnotherFile_IsReportedThere() => await Analysis.Verify(
        "namespace App; static class Other { public static float Bad(float x) => {|KG0103:System.MathF.Tan(x)|}; }",
        Source("float Phi(float x) => Other.Bad(x);"));

    [Fact]
    public async Task Read_MapThatGrowsWithoutBound_IsTooLarge()
    {
        string squares = string.Concat(Enumerable.Repeat("x = x * x;\n", 60));
        await Analysis.Verify(Source("float {|KG0108:Phi|}(float x) { " + squares + " return x; }"));

        string doubling = string.Concat(Enumerable.Range(1, 30).Select(i => $"static float F{i}(float x) {{ float a = F{i - 1}(x); float b = F{i - 1}(x); return x; }}\n"));
        await Analysis.Verify(Source("float {|KG0108:Phi|}(float x) => F30(x); static float F0(float x) => x; " + doubling));

        string deep = string.Concat(Enumerable.Repeat("-(", 300)) + "x" + new string(')', 300);
        await Analysis.Verify(Source("float {|KG0108:Phi|}(float x) => " + deep + ";"));

        string wide = string.Join(" + ", Enumerable.Repeat("x", 5000));
        await Analysis.Verify(Source("float {|KG0108:Phi|}(float x) => " + wide + ";"));
    }

    [Fact]
    public async Task Message_QuotesTheCodeAndNamesWhatIsAllowed()
    {
        IReadOnlyList<Diagnostic> found = await Analysis.Verify(Source("float Phi(float x) { {|KG0102:while (x > 1f)\n x /= 2f;|} return {|KG0101:x % 2f|} + {|KG0103:MathF.Cbrt(x)|} + {|KG0106:S|}; } static float S;"));
        Assert.Equal(
            [
                "'while (x > 1f) ...' (a loop) cannot be part of a feature map; use locals, assignments to them, if, else and return",
                "'x % 2f' (a remainder) cannot be part of a feature map; use arithmetic, comparisons, ?:, switch expressions, locals, constants, Math functions and static methods of the same shape",
                "'MathF.Cbrt' with one argument has no vector form; callable are Abs, Sqrt, Exp, Log, Sin, Cos, Tanh, Floor, Ceiling, Truncate, Round, Min, Max, Clamp, FusedMultiplyAdd, Sinh, Cosh, IsNaN, IsFinite, IsInfinity, IsPositiveInfinity, IsNegativeInfinity, Pow, and static methods with source in this compilation",
                "'S' is a field that is not const: a feature map depends on its parameter alone; use a const or a local",
            ],
            found.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string Source(string map, string arguments = "HeadDim = 64") =>
        Declarations.WithMap("[FeatureMap] static " + map, arguments);
}
