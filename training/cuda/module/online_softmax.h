// SPDX-License-Identifier: Apache-2.0
// log-sum-exp of a stream of numbers in one reading: the largest so far, and the sum of exp(x - largest). Two streams
// merge (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018), which is how the threads of a
// block share a row. Compiled for the device and, for its test, for the host.
#pragma once

#include <cmath>

#ifdef __CUDACC__
#define BANDSCOPE_HOST_DEVICE __host__ __device__
#else
#define BANDSCOPE_HOST_DEVICE
#endif

namespace bandscope::cuda {

struct OnlineSoftmax {
  float largest = -INFINITY;
  float sum = 0;

  BANDSCOPE_HOST_DEVICE void add(float x) {
    if (x <= largest) {
      // -inf twice would be NaN; it adds nothing.
      if (x != -INFINITY) sum += expf(x - largest);
    } else {
      sum = sum * expf(largest - x) + 1.0F;
      largest = x;
    }
    if (x != x) sum = x;  // NaN stays NaN
  }
  BANDSCOPE_HOST_DEVICE void merge(const OnlineSoftmax& other) {
    const float most = fmaxf(largest, other.largest);
    if (most == -INFINITY) {
      sum += other.sum;
      return;
    }
    sum = sum * expf(largest - most) + other.sum * expf(other.largest - most);
    largest = most;
  }
  BANDSCOPE_HOST_DEVICE float log_sum_exp() const { return largest + logf(sum); }
};

}  // namespace bandscope::cuda
