// SPDX-License-Identifier: Apache-2.0
// What LibTorch's CUDA headers name of cuBLAS where its own header is not installed; nothing here looks into it.
#pragma once

using cublasHandle_t = struct cublasContext*;
enum cublasStatus_t : int;
