using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>The form of every forward kernel. For emitted code.</summary>
/// <typeparam name="T">Elements of tensors: float, or the bits of a 16-bit format.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void GpuForwardKernel<T>(
    ArrayView<T> k, GpuRows kRows, ArrayView<T> q, GpuRows qRows, ArrayView<T> v, GpuRows vRows, ArrayView<T> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)
    where T : unmanaged;

/// <summary>The form of every backward kernel: gradients of keys and values are single, since heads that share them are added and then rounded. For emitted code.</summary>
/// <typeparam name="T">Elements of tensors: float, or the bits of a 16-bit format.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void GpuBackwardKernel<T>(
    ArrayView<T> dO, GpuRows dORows, ArrayView<T> k, GpuRows kRows, ArrayView<T> q, GpuRows qRows, ArrayView<T> v, GpuRows vRows,
    ArrayView<float> dk, GpuRows dkRows, ArrayView<T> dq, GpuRows dqRows, ArrayView<float> dv, GpuRows dvRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> dn, GpuRows dnRows, ArrayView<float> inv, GpuRows invRows, ArrayView<float> kflow, GpuRows kflowRows, ArrayView<float> qflow, GpuRows qflowRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)
    where T : unmanaged;

/// <summary>A forward kernel with what a launch adds.</summary>
internal delegate void GpuForwardLauncher<T>(
    AcceleratorStream stream, KernelConfig config,
    ArrayView<T> k, GpuRows kRows, ArrayView<T> q, GpuRows qRows, ArrayView<T> v, GpuRows vRows, ArrayView<T> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)
    where T : unmanaged;

/// <summary>A backward kernel with what a launch adds.</summary>
internal delegate void GpuBackwardLauncher<T>(
    AcceleratorStream stream, KernelConfig config,
    ArrayView<T> dO, GpuRows dORows, ArrayView<T> k, GpuRows kRows, ArrayView<T> q, GpuRows qRows, ArrayView<T> v, GpuRows vRows,
    ArrayView<float> dk, GpuRows dkRows, ArrayView<T> dq, GpuRows dqRows, ArrayView<float> dv, GpuRows dvRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> dn, GpuRows dnRows, ArrayView<float> inv, GpuRows invRows, ArrayView<float> kflow, GpuRows kflowRows, ArrayView<float> qflow, GpuRows qflowRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut)
    where T : unmanaged;
