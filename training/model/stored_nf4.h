// SPDX-License-Identifier: Apache-2.0
// Matrices as bitsandbytes' Linear4bit saves them and transformers stores them: NAME (the packed codes), NAME.absmax,
// NAME.quant_map, with double quantisation NAME.nested_absmax and NAME.nested_quant_map, and what is left as JSON in
// the bytes of NAME.quant_state.bitsandbytes__nf4.
#pragma once

#include <string>

#include "training/model/safetensors.h"
#include "training/quant/nf4.h"

namespace bandscope::model {

/// True when the tensor is stored in 4 bits of any kind, or in 8 bits with scales beside it.
bool is_stored_quantized(const SafeTensors& tensors, const std::string& name);

/// Reads the matrix `name`, [rows, columns], to `device`. Throws DataError, naming the tensor, when it is of another
/// kind than NF4, of another shape, or damaged.
quant::Nf4Matrix read_nf4(const SafeTensors& tensors, const std::string& name, std::int64_t rows, std::int64_t columns,
                          c10::Device device);

}  // namespace bandscope::model
