// SPDX-License-Identifier: Apache-2.0
// What LibTorch's CUDA headers name of cuSOLVER where its own header is not installed; nothing here looks into it.
#pragma once

#include <cusolver_common.h>

using cusolverDnHandle_t = struct cusolverDnContext*;
