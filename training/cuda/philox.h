// SPDX-License-Identifier: Apache-2.0
// Random numbers by counter: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). Four
// words are a function of a key and of where they are used, so that nothing has to be drawn in an order, and any device
// draws the same. Compiled for the device and for the host.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define BANDSCOPE_PHILOX __host__ __device__ inline
#else
#define BANDSCOPE_PHILOX inline
#endif

namespace bandscope::cuda {

struct PhiloxWords {
  std::uint32_t word[4];
};

BANDSCOPE_PHILOX PhiloxWords philox(PhiloxWords counter, std::uint32_t key_low, std::uint32_t key_high) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53U} * counter.word[0],
                        second = std::uint64_t{0xCD9E8D57U} * counter.word[2];
    counter = {
        {static_cast<std::uint32_t>(second >> 32) ^ counter.word[1] ^ key_low, static_cast<std::uint32_t>(second),
         static_cast<std::uint32_t>(first >> 32) ^ counter.word[3] ^ key_high, static_cast<std::uint32_t>(first)}};
    key_low += 0x9E3779B9U;
    key_high += 0xBB67AE85U;
  }
  return counter;
}

/// What a dropout mask is a function of, beside where its rows lie.
struct DropoutDraw {
  std::uint64_t key = 0;        ///< of seed and step
  std::uint32_t layer = 0;      ///< whose input is masked
  std::uint32_t threshold = 0;  ///< words below it keep their element
  float kept = 1;               ///< the mask where an element is kept; 0 elsewhere
};

/// The words of columns [4 block, 4 block + 4) of the row at `place` (model::PackedRow::places).
BANDSCOPE_PHILOX PhiloxWords dropout_words(const DropoutDraw& draw, std::int64_t place, std::uint32_t block) {
  return philox({{block, static_cast<std::uint32_t>(place), static_cast<std::uint32_t>(place >> 32), draw.layer}},
                static_cast<std::uint32_t>(draw.key), static_cast<std::uint32_t>(draw.key >> 32));
}

}  // namespace bandscope::cuda
