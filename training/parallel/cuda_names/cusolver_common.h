// SPDX-License-Identifier: Apache-2.0
// What LibTorch's CUDA headers name of cuSOLVER where its own header is not installed; nothing here looks into it.
#pragma once

enum cusolverStatus_t : int;
