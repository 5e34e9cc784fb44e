// SPDX-License-Identifier: Apache-2.0
// What LibTorch's CUDA headers name of cuBLASLt where its own header is not installed; nothing here looks into it.
#pragma once

using cublasLtHandle_t = struct cublasLtContext*;
