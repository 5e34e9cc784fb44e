// SPDX-License-Identifier: Apache-2.0
// Row-wise pieces of a decoder: rotary positions, gated activations, rows taken by index, dropout masks.
#include "training/cuda/module/launch.h"

namespace bandscope::cuda {
namespace {

constexpr std::int64_t most_blocks = 1 << 16;  // each thread takes several elements beyond

/// A thread per four columns of a row.
template <class T>
__global__ void dropout_kernel(const std::int64_t* places, DropoutDraw draw, std::int64_t columns,
                               std::int64_t blocks_of_row, std::int64_t blocks, T* mask) {
  const std::int64_t stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < blocks; i += stride) {
    const std::int64_t row = i / blocks_of_row, block = i % blocks_of_row;
    const PhiloxWords words = dropout_words(draw, places[row], static_cast<std::uint32_t>(block));
    T* own = mask + row * columns;
    for (int k = 0; k < 4; ++k)
      if (4 * block + k < columns) narrow(words.word[k] < draw.threshold ? draw.kept : 0.0F, own[4 * block + k]);
  }
}

/// A block per row. A lane is a run of the head's first half with its partner in the second, or a run that is copied.
template <class T, int width>
__global__ void rotate_kernel(RotateItem first, RotateItem second, int d, int half, const float* cos, const float* sin,
                              float sign) {
  const std::int64_t row = blockIdx.x;
  const int turning = half / width, lanes = (d - half) / width, heads = first.heads + second.heads;
  const float *c = cos + row * half, *s = sin + row * half;
  for (int i = static_cast<int>(threadIdx.x); i < heads * lanes; i += static_cast<int>(blockDim.x)) {
    const int lane = i % lanes;
    int head = i / lanes;
    const RotateItem& of = head < first.heads ? first : second;
    if (head >= first.heads) head -= first.heads;
    const T* from = static_cast<const T*>(of.x) + row * of.row_stride + head * of.head_stride;
    T* to = static_cast<T*>(of.y) + (row * of.heads + head) * d;
    if (lane >= turning) {
      const int at = half + lane * width;
      store(to + at, load<width>(from + at));
      continue;
    }
    const int at = lane * width;
    const Run<T, width> low = load<width>(from + at), high = load<width>(from + at + half);
    Run<T, width> new_low, new_high;
    for (int k = 0; k < width; ++k) {
      const float a = wide(low.item[k]), b = wide(high.item[k]), turn = sign * s[at + k];
      narrow(a * c[at + k] - b * turn, new_low.item[k]);
      narrow(b * c[at + k] + a * turn, new_high.item[k]);
    }
    store(to + at, new_low);
    store(to + at + half, new_high);
  }
}

constexpr float sqrt_half = 0.70710678118654752440F, two_over_sqrt_pi = 1.12837916709551257390F;

__device__ float activated(float x, Activation activation) {
  switch (activation) {
    case Activation::silu:
      return x / (1.0F + expf(-x));
    case Activation::gelu:
      return 0.5F * x * (1.0F + erff(x * sqrt_half));
    case Activation::gelu_tanh:
      return 0.5F * x * (1.0F + tanhf(sqrt_half * two_over_sqrt_pi * (x + 0.044715F * x * x * x)));
    case Activation::relu:
      break;
  }
  return x < 0.0F ? 0.0F : x;  // NaN stays
}
__device__ float slope(float x, Activation activation) {
  switch (activation) {
    case Activation::silu: {
      const float sigmoid = 1.0F / (1.0F + expf(-x));
      return sigmoid * (1.0F + x * (1.0F - sigmoid));
    }
    case Activation::gelu:
      return 0.5F * (1.0F + erff(x * sqrt_half)) + x * 0.5F * sqrt_half * two_over_sqrt_pi * expf(-0.5F * x * x);
    case Activation::gelu_tanh: {
      constexpr float factor = sqrt_half * two_over_sqrt_pi;
      const float t = tanhf(factor * (x + 0.044715F * x * x * x));
      return 0.5F * (1.0F + t) + 0.5F * x * (1.0F - t * t) * factor * (1.0F + 3.0F * 0.044715F * x * x);
    }
    case Activation::relu:
      break;
  }
  return x > 0.0F ? 1.0F : 0.0F;
}

template <class T, int width>
__global__ void gate_kernel(GatedInput in, Activation activation, T* y) {
  const std::int64_t runs = in.columns / width, all = in.rows * runs, stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < all; i += stride) {
    const std::int64_t row = i / runs, column = i % runs * width;
    const Run<T, width> x = load<width>(static_cast<const T*>(in.x) + row * in.x_stride + column),
                        gated = load<width>(static_cast<const T*>(in.gated) + row * in.gated_stride + column);
    Run<T, width> out;
    // As the models do it: the activation is rounded to the rows' type before it multiplies.
    for (int k = 0; k < width; ++k)
      narrow(rounded<T>(activated(wide(x.item[k]), activation)) * wide(gated.item[k]), out.item[k]);
    store(y + i * width, out);
  }
}

template <class T, int width>
__global__ void gate_backward_kernel(GatedInput in, Activation activation, T* g, T* g_x) {
  const std::int64_t runs = in.columns / width, all = in.rows * runs, stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < all; i += stride) {
    const std::int64_t row = i / runs, column = i % runs * width;
    const Run<T, width> x = load<width>(static_cast<const T*>(in.x) + row * in.x_stride + column),
                        gated = load<width>(static_cast<const T*>(in.gated) + row * in.gated_stride + column),
                        gradient = load<width>(g + i * width);
    Run<T, width> of_x, of_gated;
    for (int k = 0; k < width; ++k) {
      const float own = wide(x.item[k]), into = wide(gradient.item[k]);
      narrow(rounded<T>(into * wide(gated.item[k])) * slope(own, activation), of_x.item[k]);
      narrow(into * rounded<T>(activated(own, activation)), of_gated.item[k]);
    }
    store(g_x + i * width, of_x);
    store(g + i * width, of_gated);
  }
}

template <class T, int width>
__global__ void gather_kernel(RotateItem of, std::int64_t rows, int d, const std::int64_t* first,
                              const std::int64_t* second) {
  const std::int64_t runs = d / width, each = of.heads * runs, all = rows * each,
                     stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < all; i += stride) {
    const std::int64_t row = i / each, head = i % each / runs, at = i % runs * width;
    const std::int64_t a = first[row], b = second ? second[row] : -1;
    const T* from = static_cast<const T*>(of.x) + head * of.head_stride + at;
    Run<T, width> out;
    if (a >= 0) {
      out = load<width>(from + a * of.row_stride);
    } else {
      for (int k = 0; k < width; ++k) narrow(0.0F, out.item[k]);
    }
    if (b >= 0) {
      const Run<T, width> more = load<width>(from + b * of.row_stride);
      for (int k = 0; k < width; ++k) narrow(wide(out.item[k]) + wide(more.item[k]), out.item[k]);
    }
    store(static_cast<T*>(of.y) + i * width, out);
  }
}

/// True when the heads of such rows can be taken 16 bytes at a time.
template <class T>
bool in_wide_runs(const RotateItem& item) {
  return item.heads == 0 ||
         (aligned(item.x) && aligned(item.y) && item.row_stride % widest<T> == 0 && item.head_stride % widest<T> == 0);
}
template <class T>
bool in_wide_runs(const GatedInput& in) {
  return aligned(in.x) && aligned(in.gated) && in.columns % widest<T> == 0 && in.x_stride % widest<T> == 0 &&
         in.gated_stride % widest<T> == 0;
}

}  // namespace

void dropout_mask(const std::int64_t* places, const DropoutDraw& draw, std::int64_t rows, std::int64_t columns,
                  void* mask, Type type, cudaStream_t stream) {
  if (rows == 0 || columns == 0) return;
  const std::int64_t blocks_of_row = (columns + 3) / 4, blocks = rows * blocks_of_row;
  for_type(type, [&](auto zero) {
    using T = decltype(zero);
    launch(dropout_kernel<T>, flat_grid(blocks, 4096), flat_threads, stream, places, draw, columns, blocks_of_row,
           blocks, static_cast<T*>(mask));
  });
}

void rotate(const RotateItem& first, const RotateItem& second, Type type, std::int64_t rows, int d, int half,
            const float* cos, const float* sin, bool inverse, cudaStream_t stream) {
  if (rows == 0) return;
  for_type(type, [&](auto zero) {
    using T = decltype(zero);
    const auto go = [&](auto* kernel) {
      launch(kernel, static_cast<unsigned>(rows), 128, stream, first, second, d, half, cos, sin,
             inverse ? -1.0F : 1.0F);
    };
    if (in_wide_runs<T>(first) && in_wide_runs<T>(second) && d % widest<T> == 0 && half % widest<T> == 0)
      go(rotate_kernel<T, widest<T>>);
    else
      go(rotate_kernel<T, 1>);
  });
}

void gate(const GatedInput& input, Activation activation, void* y, cudaStream_t stream) {
  if (input.rows == 0 || input.columns == 0) return;
  for_type(input.type, [&](auto zero) {
    using T = decltype(zero);
    const auto go = [&](auto* kernel, int width) {
      launch(kernel, flat_grid(input.rows * input.columns / width, most_blocks), flat_threads, stream, input,
             activation, static_cast<T*>(y));
    };
    if (in_wide_runs<T>(input) && aligned(y))
      go(gate_kernel<T, widest<T>>, widest<T>);
    else
      go(gate_kernel<T, 1>, 1);
  });
}

void gate_backward(const GatedInput& input, Activation activation, void* g, void* g_x, cudaStream_t stream) {
  if (input.rows == 0 || input.columns == 0) return;
  for_type(input.type, [&](auto zero) {
    using T = decltype(zero);
    const auto go = [&](auto* kernel, int width) {
      launch(kernel, flat_grid(input.rows * input.columns / width, most_blocks), flat_threads, stream, input,
             activation, static_cast<T*>(g), static_cast<T*>(g_x));
    };
    if (in_wide_runs<T>(input) && aligned(g) && aligned(g_x))
      go(gate_backward_kernel<T, widest<T>>, widest<T>);
    else
      go(gate_backward_kernel<T, 1>, 1);
  });
}

void gather(const RotateItem& rows_of, Type type, std::int64_t rows, int d, const std::int64_t* first,
            const std::int64_t* second, cudaStream_t stream) {
  if (rows == 0) return;
  for_type(type, [&](auto zero) {
    using T = decltype(zero);
    const auto go = [&](auto* kernel, int width) {
      launch(kernel, flat_grid(rows * rows_of.heads * (d / width), most_blocks), flat_threads, stream, rows_of, rows, d,
             first, second);
    };
    if (in_wide_runs<T>(rows_of) && d % widest<T> == 0)
      go(gather_kernel<T, widest<T>>, widest<T>);
    else
      go(gather_kernel<T, 1>, 1);
  });
}

}  // namespace bandscope::cuda
