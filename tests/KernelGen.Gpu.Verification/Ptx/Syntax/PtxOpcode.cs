namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>First parts of the mnemonics that are executed. Anything else in a text is refused by <see cref="PtxParser"/>.</summary>
public enum PtxOpcode
{
    Abs, Activemask, Add, And, Atom, Bar, Barrier, Bfe, Bfi, Bra, Brev, Brkpt, Brx, Call, Clz, Copysign, Cos, Cp, Cvt, Cvta, Div, Ex2, Exit,
    Fence, Fma, Ldmatrix, Ld, Lg2, Lop3, Mad, Match, Max, Membar, Min, Mma, Mov, Mul, Nanosleep, Neg, Not, Or, Popc, Prefetch, Prmt, Rcp,
    Red, Redux, Rem, Ret, Rsqrt, Selp, Setp, Shf, Shfl, Shl, Shr, Sin, Slct, Sqrt, St, Sub, Tanh, Testp, Trap, Vote, Xor,
}
