// SPDX-License-Identifier: Apache-2.0
// What LibTorch's CUDA headers name of cuSPARSE where its own header is not installed; nothing here looks into it.
#pragma once

using cusparseHandle_t = struct cusparseContext*;
enum cusparseStatus_t : int;
