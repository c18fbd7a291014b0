using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Gpu.Tests.Cuda;

public sealed class SassListingTests
{
    private static readonly SassListing _listing = SassListing.Parse(SassSample.Text);

    [Fact]
    public void Listing_TwoFunctions_AreApart()
    {
        Assert.Equal(["One", "Two"], _listing.Functions.Select(function => function.Name));
        Assert.Equal(["sm_80", "sm_80"], _listing.Functions.Select(function => function.Architecture));
        Assert.Equal([24, 1], _listing.Functions.Select(function => function.Code.Count));
    }

    [Fact]
    public void Instruction_Guarded_HasItsParts()
    {
        SassInstruction product = _listing.Functions[0].Code[15];
        Assert.Equal(new SassInstruction(0xf0, "UP0", "HMMA.16816.F32.BF16", "R4, R28, R26, R4"), product);
        Assert.Equal(SassKind.Hmma, product.Kind);
        Assert.Equal("!P0", _listing.Functions[0].Code[2].Predicate);
    }

    [Theory]
    [InlineData("LDS.128", 16)]
    [InlineData("LDG.E.64.CONSTANT", 8)]
    [InlineData("LDG.E", 4)]
    [InlineData("LDG.E.U16", 2)]
    [InlineData("STG.E.U8", 1)]
    public void Instruction_Access_HasItsBytes(string opcode, int bytes) => Assert.Equal(bytes, new SassInstruction(0, "", opcode, "").AccessBytes);

    [Fact]
    public void Function_Mix_LeavesPaddingOut()
    {
        SassMix mix = _listing.Functions[0].Mix;
        Assert.Equal(22, mix.Total);
        Assert.Equal(2, mix[SassKind.Ffma]);
        Assert.Equal(2, mix[SassKind.Int]);
        Assert.Equal(1, mix[SassKind.Hmma]);
        Assert.Equal(1, mix[SassKind.Stg]);
        Assert.Equal(1, mix[SassKind.Barrier]);

        // S2R, EXIT, five branches and one to itself, HFMA2.MMA that makes a constant.
        Assert.Equal(9, mix[SassKind.Other]);
    }

    [Fact]
    public void Loops_NestedAndShared_AreInnermostOnce()
    {
        Assert.Equal([0x30, 0xf0], _listing.Functions[0].Loops.Select(loop => loop.Address));
        Assert.Equal([11, 3], _listing.Functions[0].Loops.Select(loop => loop.Mix.Total));
        Assert.Empty(_listing.Functions[1].Loops);
    }

    [Fact]
    public void Loop_Mix_AgreesWithHandCount()
    {
        SassMix mix = _listing.Functions[0].Loops[0].Mix;
        Assert.Equal(2, mix[SassKind.Lds128]);
        Assert.Equal(1, mix[SassKind.Lds64]);
        Assert.Equal(1, mix[SassKind.Lds32]);
        Assert.Equal(1, mix[SassKind.Local]);
        Assert.Equal(1, mix[SassKind.FaddFmul]);
        Assert.Equal(2.0 / 11, mix.FfmaShare, 12);
        Assert.Equal(2.75, mix.SharedLoads128);
        Assert.Equal(2 / 2.75, mix.FfmaPerSharedLoad128, 12);
        Assert.Equal("Ffma 2, FaddFmul 1, Lds32 1, Lds64 1, Lds128 2, Local 1, Int 1, Other 2", mix.ToString());
    }

    [Fact]
    public void Loop_WithoutSharedLoads_HasNoBoundOfThem() =>
        Assert.Equal(double.PositiveInfinity, _listing.Functions[0].Loops[1].Mix.FfmaPerSharedLoad128);

    [Theory]
    [InlineData("")]
    [InlineData("\tcode for sm_80\n")]
    [InlineData("        /*0000*/                   EXIT ;     /* 0x000000000000794d */")]
    public void Listing_OfNoFunction_IsRefused(string text) => Assert.Throws<FormatException>(() => SassListing.Parse(text));
}
