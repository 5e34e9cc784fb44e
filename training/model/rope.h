// SPDX-License-Identifier: Apache-2.0
// Rotary position tables.
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>

#include "training/model/config.h"

namespace bandscope::model {

/// Inverse frequencies [dimensions / 2], float32, with the scaling applied.
at::Tensor inverse_frequencies(const RopeConfig& rope);
/// cos, sin [rows, dimensions / 2] float32 of positions [rows], both times `factor`.
std::pair<at::Tensor, at::Tensor> rope_tables(const at::Tensor& inverse_frequencies, const at::Tensor& positions,
                                              double factor = 1.0);

}  // namespace bandscope::model
