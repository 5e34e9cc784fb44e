// SPDX-License-Identifier: Apache-2.0
// Where and with what a run was made: /environment of the record.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/message/message.h"
#include "core/spec/run_spec.h"

namespace bandscope::trainer {

/// "auto", "cpu", "cuda", "cuda:N" to a device. Throws SpecError when this build or machine does not have it.
/// `reason` says why "auto" took what it took.
at::Device resolve_device(const std::string& wanted, Message& reason);

/// Of a GPU, unlike that of any other; "" of the CPU.
std::string identity_of(at::Device device);

/// What rounds a run's numbers: the card or the processor's instructions, and LibTorch's version.
std::string arithmetic_of(at::Device device);

/// SHA-256 of the weight files that are loaded, of config.json and tokenizer.json of a model folder, or of an
/// adapter's:
/// {"model.safetensors": "…"}.
nlohmann::json model_hashes(const std::filesystem::path& model_dir);

/// Versions, commit, host, device, threads, hashes, start time.
nlohmann::json describe_environment(const RunSpec& spec, at::Device device, const Message& device_reason,
                                    const nlohmann::json& model_hashes, const std::string& data_sha256);

/// Bytes of a GPU that can still be had; nullopt on the CPU.
std::optional<std::int64_t> free_memory(at::Device device);
/// Most bytes since begin_peak_memory(): resident in this process, or allocated on the device.
double peak_memory(at::Device device);
/// Runs of a sweep that share a process begin with it. Where the system does not let resident memory's peak be set back
/// it stays that of the process.
void begin_peak_memory(at::Device device);

}  // namespace bandscope::trainer
