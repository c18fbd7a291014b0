//HintName: Declared_Narrow_f7dbda0e.Gpu.State.g.cs
/// <summary>State: see the program at the top of this file; products on tensor cores.</summary>
        public static void StateOnTensorCores(ArrayView<ushort> k, GpuRows kRows, ArrayView<ushort> q, GpuRows qRows, ArrayView<ushort> v, GpuRows vRows, ArrayView<ushort> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows, ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)
        {
            unchecked
            {
                var shared = SharedMemory.Allocate<Float4>(524);
                var scalars = shared.Cast<float>();
                int t = Group.IdxX;
                var halves = shared.Cast<Half4>();
                var words = shared.Cast<uint>();
                uint start = TensorCore.SharedAddress();
                int lane = t & 31, warp = t >> 5, upper = lane >> 2, quarter = ((lane & 1) << 1) | ((lane >> 1) & 1);
                int straight = lane & 15, turned = (lane & 7) + ((lane >> 4) << 3);
                uint straightBits = (uint)(((lane >> 4) ^ TensorTile.Swizzle(straight)) << 4), turnedBits = (uint)((((lane >> 3) & 1) ^ TensorTile.Swizzle(turned)) << 4);
                int head = Grid.IdxY, sequence = Grid.IdxZ;
                long pair = ((long)sequence * (Grid.DimY / 1)) + head;
                long entry = sequence * cut.Packed;
                long begin = starts[entry] + (Grid.IdxX * cut.Tokens), stop = Math.Min((long)starts[entry + 1], begin + cut.Tokens);
                long stateBase = ((pair * cut.Slots) + (Grid.IdxX * cut.Slot)) * 144;
                float slope = slopes[head];
                var kWords = k.Cast<Half4>();
                var vWords = v.Cast<Half4>();
                float S0_0 = 0f, S0_1 = 0f, S0_2 = 0f, S0_3 = 0f;
                float S1_0 = 0f, S1_1 = 0f, S1_2 = 0f, S1_3 = 0f;
                if (stateIn.Length > 0)
                {
                    {
                        int strip = warp;
                        {
                            int word = (4 * 0) + quarter;
                            Float4 one = default, two = default;
                            {
                                int row = (16 * strip) + upper;
                                if (row < 12 && (4 * word) + 0 < 12) one.X = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 0];
                                if (row < 12 && (4 * word) + 1 < 12) one.Y = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 1];
                                if (row < 12 && (4 * word) + 2 < 12) one.Z = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 2];
                                if (row < 12 && (4 * word) + 3 < 12) one.W = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 3];
                            }
                            {
                                int row = (16 * strip) + upper + 8;
                                if (row < 12 && (4 * word) + 0 < 12) two.X = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 0];
                                if (row < 12 && (4 * word) + 1 < 12) two.Y = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 1];
                                if (row < 12 && (4 * word) + 2 < 12) two.Z = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 2];
                                if (row < 12 && (4 * word) + 3 < 12) two.W = stateIn[stateBase + 0 + ((long)row * 12) + (4 * word) + 3];
                            }
                            TensorTile.Scatter(ref one, ref two);
                            S0_0 = one.X; S0_1 = one.Y; S0_2 = one.Z; S0_3 = one.W;
                            S1_0 = two.X; S1_1 = two.Y; S1_2 = two.Z; S1_3 = two.W;
                        }
                    }
                }
                for (long first = begin; first < stop; first += 32)
                {
                    Group.Barrier();
                    int end = (int)Math.Min(32L, stop - first);

                    // kf = phi(k), zero where masked
                    {
                        long kToken = kRows.Token >> 2;
                        long kRow = ((sequence * kRows.Sequence) + ((head / (int)kRows.Heads) * kRows.Head) + (first * kRows.Token)) >> 2;
                        long maskToken = maskRows.Token;
                        long maskRow = ((sequence * maskRows.Sequence) + ((head / (int)maskRows.Heads) * maskRows.Head) + (first * maskRows.Token));
                        {
                            int row = (t >> 2), word = (t & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(kWords[kRow + (row * kToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 0 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 32) >> 2), word = ((t + 32) & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(kWords[kRow + (row * kToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 0 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 64) >> 2), word = ((t + 64) & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(kWords[kRow + (row * kToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 0 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 96) >> 2), word = ((t + 96) & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(kWords[kRow + (row * kToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 0 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                    }

                    // vf = v, zero where masked
                    {
                        long vToken = vRows.Token >> 2;
                        long vRow = ((sequence * vRows.Sequence) + ((head / (int)vRows.Heads) * vRows.Head) + (first * vRows.Token)) >> 2;
                        long maskToken = maskRows.Token;
                        long maskRow = ((sequence * maskRows.Sequence) + ((head / (int)maskRows.Heads) * maskRows.Head) + (first * maskRows.Token));
                        {
                            int row = (t >> 2), word = (t & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(vWords[vRow + (row * vToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 512 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 32) >> 2), word = ((t + 32) & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(vWords[vRow + (row * vToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 512 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 64) >> 2), word = ((t + 64) & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(vWords[vRow + (row * vToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 512 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 96) >> 2), word = ((t + 96) & 3);
                            Float4 z0 = default;
                            if (row < end && (mask.Length == 0 || mask[maskRow + (row * maskToken)] != 0))
                            {
                                Float4 x0 = default;
                                if (word < 3)
                                {
                                    x0 = TensorTile.FromBFloat16(vWords[vRow + (row * vToken) + word]);
                                }
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    y0_0 = x0.X;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    y0_1 = x0.Y;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    y0_2 = x0.Z;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    y0_3 = x0.W;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.WriteWhole(halves, 512 + (row * 16), row, word, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                    }

                    // kdecay[s] = exp(-slope (m-1-s))
                    {
                        for (int i = t; i < 32; i += 32)
                        {
                            float t0 = 1f;
                            float t1 = (float)end - t0;
                            float t2 = t1 - (float)i;
                            float t3 = slope * t2;
                            float t4 = -t3;
                            float t5 = GpuMath.Exp(t4);
                            scalars[2048 + (i)] = t5;
                        }
                    }

                    // a = exp(-slope m)
                    {
                        for (int i = t; i < 1; i += 32)
                        {
                            float t0 = slope * (float)end;
                            float t1 = -t0;
                            float t2 = GpuMath.Exp(t1);
                            scalars[2080 + (i)] = t2;
                        }
                    }

                    // vf[s] = vf[s] kdecay[s], in place: the chunk is done with them
                    {
                        Group.Barrier();
                        {
                            int row = (t >> 2), word = (t & 3);
                            Float4 z0 = default;
                            if (row < end)
                            {
                                Float4 x0 = TensorTile.ReadWhole(halves, 512 + (row * 16), row, word);
                                float x1 = scalars[2048 + (row)];
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    float t0 = x0.X * x1;
                                    y0_0 = t0;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    float t0 = x0.Y * x1;
                                    y0_1 = t0;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    float t0 = x0.Z * x1;
                                    y0_2 = t0;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    float t0 = x0.W * x1;
                                    y0_3 = t0;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.Write(halves, 512 + (row * 16), row, word, 4, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 32) >> 2), word = ((t + 32) & 3);
                            Float4 z0 = default;
                            if (row < end)
                            {
                                Float4 x0 = TensorTile.ReadWhole(halves, 512 + (row * 16), row, word);
                                float x1 = scalars[2048 + (row)];
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    float t0 = x0.X * x1;
                                    y0_0 = t0;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    float t0 = x0.Y * x1;
                                    y0_1 = t0;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    float t0 = x0.Z * x1;
                                    y0_2 = t0;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    float t0 = x0.W * x1;
                                    y0_3 = t0;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.Write(halves, 512 + (row * 16), row, word, 4, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 64) >> 2), word = ((t + 64) & 3);
                            Float4 z0 = default;
                            if (row < end)
                            {
                                Float4 x0 = TensorTile.ReadWhole(halves, 512 + (row * 16), row, word);
                                float x1 = scalars[2048 + (row)];
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    float t0 = x0.X * x1;
                                    y0_0 = t0;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    float t0 = x0.Y * x1;
                                    y0_1 = t0;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    float t0 = x0.Z * x1;
                                    y0_2 = t0;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    float t0 = x0.W * x1;
                                    y0_3 = t0;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.Write(halves, 512 + (row * 16), row, word, 4, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                        {
                            int row = ((t + 96) >> 2), word = ((t + 96) & 3);
                            Float4 z0 = default;
                            if (row < end)
                            {
                                Float4 x0 = TensorTile.ReadWhole(halves, 512 + (row * 16), row, word);
                                float x1 = scalars[2048 + (row)];
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                if (((4 * word) + 0) < 12)
                                {
                                    float t0 = x0.X * x1;
                                    y0_0 = t0;
                                }
                                if (((4 * word) + 1) < 12)
                                {
                                    float t0 = x0.Y * x1;
                                    y0_1 = t0;
                                }
                                if (((4 * word) + 2) < 12)
                                {
                                    float t0 = x0.Z * x1;
                                    y0_2 = t0;
                                }
                                if (((4 * word) + 3) < 12)
                                {
                                    float t0 = x0.W * x1;
                                    y0_3 = t0;
                                }
                                z0 = new Float4(y0_0, y0_1, y0_2, y0_3);
                            }
                            TensorTile.Write(halves, 512 + (row * 16), row, word, 4, new Float4(z0.X, z0.Y, z0.Z, z0.W));
                        }
                    }

                    // S = a S + kf^T vf
                    {
                        Group.Barrier();
                        {
                            int strip = warp;
                            Float4 c0 = default, c1 = default;
                            {
                                uint a = start + (uint)((0 + (turned * 8)) << 4), ax = turnedBits ^ (uint)(strip << 5);
                                uint b = start + (uint)((256 + (straight * 8)) << 4), bx = straightBits;
                                {
                                    TensorFragment lead = TensorFragment.LoadTransposed(a + ax);
                                    TensorProduct.AddRightSplit(ref c0, ref c1, lead, b + bx, b + (bx ^ 32u), isTransposed: false);
                                }
                                {
                                    TensorFragment lead = TensorFragment.LoadTransposed(a + ax + 2048u);
                                    TensorProduct.AddRightSplit(ref c0, ref c1, lead, b + bx + 2048u, b + (bx ^ 32u) + 2048u, isTransposed: false);
                                }
                            }
                            {
                                float x1 = scalars[2080 + (0)];
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                {
                                    float t0 = (x1 * S0_0) + c0.X;
                                    y0_0 = t0;
                                }
                                {
                                    float t0 = (x1 * S0_1) + c0.Y;
                                    y0_1 = t0;
                                }
                                {
                                    float t0 = (x1 * S0_2) + c0.Z;
                                    y0_2 = t0;
                                }
                                {
                                    float t0 = (x1 * S0_3) + c0.W;
                                    y0_3 = t0;
                                }
                                S0_0 = y0_0; S0_1 = y0_1; S0_2 = y0_2; S0_3 = y0_3;
                            }
                            {
                                float x1 = scalars[2080 + (0)];
                                float y0_0 = 0f, y0_1 = 0f, y0_2 = 0f, y0_3 = 0f;
                                {
                                    float t0 = (x1 * S1_0) + c1.X;
                                    y0_0 = t0;
                                }
                                {
                                    float t0 = (x1 * S1_1) + c1.Y;
                                    y0_1 = t0;
                                }
                                {
                                    float t0 = (x1 * S1_2) + c1.Z;
                                    y0_2 = t0;
                                }
                                {
                                    float t0 = (x1 * S1_3) + c1.W;
                                    y0_3 = t0;
                                }
                                S1_0 = y0_0; S1_1 = y0_1; S1_2 = y0_2; S1_3 = y0_3;
                            }
                        }
                    }
                }

                if (stateOut.Length > 0)
                {
                    {
                        int strip = warp;
                        {
                            int word = (4 * 0) + quarter;
                            Float4 one = new Float4(S0_0, S0_1, S0_2, S0_3), two = new Float4(S1_0, S1_1, S1_2, S1_3);
                            TensorTile.Gather(ref one, ref two);
                            {
                                int row = (16 * strip) + upper;
                                if (row < 12 && (4 * word) + 0 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 0] = one.X;
                                if (row < 12 && (4 * word) + 1 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 1] = one.Y;
                                if (row < 12 && (4 * word) + 2 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 2] = one.Z;
                                if (row < 12 && (4 * word) + 3 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 3] = one.W;
                            }
                            {
                                int row = (16 * strip) + upper + 8;
                                if (row < 12 && (4 * word) + 0 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 0] = two.X;
                                if (row < 12 && (4 * word) + 1 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 1] = two.Y;
                                if (row < 12 && (4 * word) + 2 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 2] = two.Z;
                                if (row < 12 && (4 * word) + 3 < 12) stateOut[stateBase + 0 + ((long)row * 12) + (4 * word) + 3] = two.W;
                            }
                        }
                    }
                }
            }
        }

        