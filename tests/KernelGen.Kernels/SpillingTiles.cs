using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Kernels;

/// <summary>
/// Register tiles of the emitted form that ask for more registers than there are. The test of the emitted tiles has to catch these.
/// </summary>
internal static class SpillingTiles
{
    /// <summary>32 accumulators, 4 vectors of B and a broadcast in 32 registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Spilling512(ref float a, ref float b, ref float y, int n)
    {
        Vector512<float> c0_0 = Vector512<float>.Zero; Vector512<float> c0_1 = Vector512<float>.Zero; Vector512<float> c0_2 = Vector512<float>.Zero; Vector512<float> c0_3 = Vector512<float>.Zero;
        Vector512<float> c1_0 = Vector512<float>.Zero; Vector512<float> c1_1 = Vector512<float>.Zero; Vector512<float> c1_2 = Vector512<float>.Zero; Vector512<float> c1_3 = Vector512<float>.Zero;
        Vector512<float> c2_0 = Vector512<float>.Zero; Vector512<float> c2_1 = Vector512<float>.Zero; Vector512<float> c2_2 = Vector512<float>.Zero; Vector512<float> c2_3 = Vector512<float>.Zero;
        Vector512<float> c3_0 = Vector512<float>.Zero; Vector512<float> c3_1 = Vector512<float>.Zero; Vector512<float> c3_2 = Vector512<float>.Zero; Vector512<float> c3_3 = Vector512<float>.Zero;
        Vector512<float> c4_0 = Vector512<float>.Zero; Vector512<float> c4_1 = Vector512<float>.Zero; Vector512<float> c4_2 = Vector512<float>.Zero; Vector512<float> c4_3 = Vector512<float>.Zero;
        Vector512<float> c5_0 = Vector512<float>.Zero; Vector512<float> c5_1 = Vector512<float>.Zero; Vector512<float> c5_2 = Vector512<float>.Zero; Vector512<float> c5_3 = Vector512<float>.Zero;
        Vector512<float> c6_0 = Vector512<float>.Zero; Vector512<float> c6_1 = Vector512<float>.Zero; Vector512<float> c6_2 = Vector512<float>.Zero; Vector512<float> c6_3 = Vector512<float>.Zero;
        Vector512<float> c7_0 = Vector512<float>.Zero; Vector512<float> c7_1 = Vector512<float>.Zero; Vector512<float> c7_2 = Vector512<float>.Zero; Vector512<float> c7_3 = Vector512<float>.Zero;

        for (int k = 0; k < n; k++)
        {
            Vector512<float> b0 = Vector512.LoadUnsafe(ref b);
            Vector512<float> b1 = Vector512.LoadUnsafe(ref b, 16);
            Vector512<float> b2 = Vector512.LoadUnsafe(ref b, 32);
            Vector512<float> b3 = Vector512.LoadUnsafe(ref b, 48);
            Vector512<float> x = Vector512.Create(a);
            c0_0 = Vector512.FusedMultiplyAdd(x, b0, c0_0); c0_1 = Vector512.FusedMultiplyAdd(x, b1, c0_1); c0_2 = Vector512.FusedMultiplyAdd(x, b2, c0_2); c0_3 = Vector512.FusedMultiplyAdd(x, b3, c0_3);
            x = Vector512.Create(Unsafe.Add(ref a, 64));
            c1_0 = Vector512.FusedMultiplyAdd(x, b0, c1_0); c1_1 = Vector512.FusedMultiplyAdd(x, b1, c1_1); c1_2 = Vector512.FusedMultiplyAdd(x, b2, c1_2); c1_3 = Vector512.FusedMultiplyAdd(x, b3, c1_3);
            x = Vector512.Create(Unsafe.Add(ref a, 128));
            c2_0 = Vector512.FusedMultiplyAdd(x, b0, c2_0); c2_1 = Vector512.FusedMultiplyAdd(x, b1, c2_1); c2_2 = Vector512.FusedMultiplyAdd(x, b2, c2_2); c2_3 = Vector512.FusedMultiplyAdd(x, b3, c2_3);
            x = Vector512.Create(Unsafe.Add(ref a, 192));
            c3_0 = Vector512.FusedMultiplyAdd(x, b0, c3_0); c3_1 = Vector512.FusedMultiplyAdd(x, b1, c3_1); c3_2 = Vector512.FusedMultiplyAdd(x, b2, c3_2); c3_3 = Vector512.FusedMultiplyAdd(x, b3, c3_3);
            x = Vector512.Create(Unsafe.Add(ref a, 256));
            c4_0 = Vector512.FusedMultiplyAdd(x, b0, c4_0); c4_1 = Vector512.FusedMultiplyAdd(x, b1, c4_1); c4_2 = Vector512.FusedMultiplyAdd(x, b2, c4_2); c4_3 = Vector512.FusedMultiplyAdd(x, b3, c4_3);
            x = Vector512.Create(Unsafe.Add(ref a, 320));
            c5_0 = Vector512.FusedMultiplyAdd(x, b0, c5_0); c5_1 = Vector512.FusedMultiplyAdd(x, b1, c5_1); c5_2 = Vector512.FusedMultiplyAdd(x, b2, c5_2); c5_3 = Vector512.FusedMultiplyAdd(x, b3, c5_3);
            x = Vector512.Create(Unsafe.Add(ref a, 384));
            c6_0 = Vector512.FusedMultiplyAdd(x, b0, c6_0); c6_1 = Vector512.FusedMultiplyAdd(x, b1, c6_1); c6_2 = Vector512.FusedMultiplyAdd(x, b2, c6_2); c6_3 = Vector512.FusedMultiplyAdd(x, b3, c6_3);
            x = Vector512.Create(Unsafe.Add(ref a, 448));
            c7_0 = Vector512.FusedMultiplyAdd(x, b0, c7_0); c7_1 = Vector512.FusedMultiplyAdd(x, b1, c7_1); c7_2 = Vector512.FusedMultiplyAdd(x, b2, c7_2); c7_3 = Vector512.FusedMultiplyAdd(x, b3, c7_3);
            a = ref Unsafe.Add(ref a, 1);
            b = ref Unsafe.Add(ref b, 64);
        }

        c0_0.StoreUnsafe(ref y, 0); c0_1.StoreUnsafe(ref y, 16); c0_2.StoreUnsafe(ref y, 32); c0_3.StoreUnsafe(ref y, 48);
        c1_0.StoreUnsafe(ref y, 64); c1_1.StoreUnsafe(ref y, 80); c1_2.StoreUnsafe(ref y, 96); c1_3.StoreUnsafe(ref y, 112);
        c2_0.StoreUnsafe(ref y, 128); c2_1.StoreUnsafe(ref y, 144); c2_2.StoreUnsafe(ref y, 160); c2_3.StoreUnsafe(ref y, 176);
        c3_0.StoreUnsafe(ref y, 192); c3_1.StoreUnsafe(ref y, 208); c3_2.StoreUnsafe(ref y, 224); c3_3.StoreUnsafe(ref y, 240);
        c4_0.StoreUnsafe(ref y, 256); c4_1.StoreUnsafe(ref y, 272); c4_2.StoreUnsafe(ref y, 288); c4_3.StoreUnsafe(ref y, 304);
        c5_0.StoreUnsafe(ref y, 320); c5_1.StoreUnsafe(ref y, 336); c5_2.StoreUnsafe(ref y, 352); c5_3.StoreUnsafe(ref y, 368);
        c6_0.StoreUnsafe(ref y, 384); c6_1.StoreUnsafe(ref y, 400); c6_2.StoreUnsafe(ref y, 416); c6_3.StoreUnsafe(ref y, 432);
        c7_0.StoreUnsafe(ref y, 448); c7_1.StoreUnsafe(ref y, 464); c7_2.StoreUnsafe(ref y, 480); c7_3.StoreUnsafe(ref y, 496);
    }

    /// <summary>16 accumulators, 2 vectors of B and a broadcast in 16 registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Spilling256(ref float a, ref float b, ref float y, int n)
    {
        Vector256<float> c0_0 = Vector256<float>.Zero; Vector256<float> c0_1 = Vector256<float>.Zero;
        Vector256<float> c1_0 = Vector256<float>.Zero; Vector256<float> c1_1 = Vector256<float>.Zero;
        Vector256<float> c2_0 = Vector256<float>.Zero; Vector256<float> c2_1 = Vector256<float>.Zero;
        Vector256<float> c3_0 = Vector256<float>.Zero; Vector256<float> c3_1 = Vector256<float>.Zero;
        Vector256<float> c4_0 = Vector256<float>.Zero; Vector256<float> c4_1 = Vector256<float>.Zero;
        Vector256<float> c5_0 = Vector256<float>.Zero; Vector256<float> c5_1 = Vector256<float>.Zero;
        Vector256<float> c6_0 = Vector256<float>.Zero; Vector256<float> c6_1 = Vector256<float>.Zero;
        Vector256<float> c7_0 = Vector256<float>.Zero; Vector256<float> c7_1 = Vector256<float>.Zero;

        for (int k = 0; k < n; k++)
        {
            Vector256<float> b0 = Vector256.LoadUnsafe(ref b);
            Vector256<float> b1 = Vector256.LoadUnsafe(ref b, 8);
            Vector256<float> x = Vector256.Create(a);
            c0_0 = Vector256.FusedMultiplyAdd(x, b0, c0_0); c0_1 = Vector256.FusedMultiplyAdd(x, b1, c0_1);
            x = Vector256.Create(Unsafe.Add(ref a, 64));
            c1_0 = Vector256.FusedMultiplyAdd(x, b0, c1_0); c1_1 = Vector256.FusedMultiplyAdd(x, b1, c1_1);
            x = Vector256.Create(Unsafe.Add(ref a, 128));
            c2_0 = Vector256.FusedMultiplyAdd(x, b0, c2_0); c2_1 = Vector256.FusedMultiplyAdd(x, b1, c2_1);
            x = Vector256.Create(Unsafe.Add(ref a, 192));
            c3_0 = Vector256.FusedMultiplyAdd(x, b0, c3_0); c3_1 = Vector256.FusedMultiplyAdd(x, b1, c3_1);
            x = Vector256.Create(Unsafe.Add(ref a, 256));
            c4_0 = Vector256.FusedMultiplyAdd(x, b0, c4_0); c4_1 = Vector256.FusedMultiplyAdd(x, b1, c4_1);
            x = Vector256.Create(Unsafe.Add(ref a, 320));
            c5_0 = Vector256.FusedMultiplyAdd(x, b0, c5_0); c5_1 = Vector256.FusedMultiplyAdd(x, b1, c5_1);
            x = Vector256.Create(Unsafe.Add(ref a, 384));
            c6_0 = Vector256.FusedMultiplyAdd(x, b0, c6_0); c6_1 = Vector256.FusedMultiplyAdd(x, b1, c6_1);
            x = Vector256.Create(Unsafe.Add(ref a, 448));
            c7_0 = Vector256.FusedMultiplyAdd(x, b0, c7_0); c7_1 = Vector256.FusedMultiplyAdd(x, b1, c7_1);
            a = ref Unsafe.Add(ref a, 1);
            b = ref Unsafe.Add(ref b, 16);
        }

        c0_0.StoreUnsafe(ref y, 0); c0_1.StoreUnsafe(ref y, 8);
        c1_0.StoreUnsafe(ref y, 16); c1_1.StoreUnsafe(ref y, 24);
        c2_0.StoreUnsafe(ref y, 32); c2_1.StoreUnsafe(ref y, 40);
        c3_0.StoreUnsafe(ref y, 48); c3_1.StoreUnsafe(ref y, 56);
        c4_0.StoreUnsafe(ref y, 64); c4_1.StoreUnsafe(ref y, 72);
        c5_0.StoreUnsafe(ref y, 80); c5_1.StoreUnsafe(ref y, 88);
        c6_0.StoreUnsafe(ref y, 96); c6_1.StoreUnsafe(ref y, 104);
        c7_0.StoreUnsafe(ref y, 112); c7_1.StoreUnsafe(ref y, 120);
    }
}
