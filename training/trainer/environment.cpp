// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/environment.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/DeviceGuard.h>
#include <spdlog/fmt/fmt.h>
#include <sys/resource.h>
#include <torch/headeronly/version.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "core/build_info.h"
#include "core/error.h"
#include "training/cuda/device_kernels.h"
#include "training/model/weight_files.h"
#include "training/trainer/hash_cache.h"

namespace bandscope::trainer {
namespace {

std::string iso_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

}  // namespace

at::Device resolve_device(const std::string& wanted, Message& reason) {
  if (wanted == "cpu") {
    reason = Message::tr("as asked");
    return at::kCPU;
  }
  // LibTorch's CUDA part is loaded here and nowhere else: a run on the CPU does without it.
  const Message problem = cuda::load_cuda();
  if (wanted == "auto") {
    reason = problem.empty() ? Message::tr("a GPU is there: %1", cuda::device_kernels()->describe(0)) : problem;
    return problem.empty() ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  }
  if (!problem.empty())
    throw key_error("run.device", Message::tr("\"%1\" is not usable: %2; \"cpu\" or \"auto\" is", wanted, problem));
  const at::Device device(wanted == "cuda" ? "cuda:0" : wanted);
  const auto count = static_cast<int>(at::getNumGPUs());
  if (device.index() >= count)
    throw key_error("run.device",
                    Message::tr("there is no \"%1\" on this machine; cuda:0 to cuda:%2 are", wanted, count - 1));
  reason = Message::tr("as asked: %1", cuda::device_kernels()->describe(device.index()));
  return device;
}

std::string identity_of(at::Device device) {
  return device.is_cuda() ? cuda::device_kernels()->identity(device.index()) : std::string();
}

std::string arithmetic_of(at::Device device) {
  const std::string where = device.is_cuda()
                                ? cuda::device_kernels()->describe(device.index())
                                : fmt::format("{}, {} threads", at::get_cpu_capability(), at::get_num_threads());
  return where + ", LibTorch " + TORCH_VERSION;
}

nlohmann::json model_hashes(const std::filesystem::path& model_dir) {
  nlohmann::json hashes = nlohmann::json::object();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(model_dir, error)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (!entry.is_regular_file(ignored)) continue;
    // adapter_config.json, tokenizer_config.json, generation_config.json (which may name EOS) and
    // special_tokens_map.json too.
    if (name.ends_with("config.json") || name == "tokenizer.json" || name == "special_tokens_map.json" ||
        name == "chat_template.jinja")
      hashes[name] = file_sha256(entry.path());
  }
  // Of the weights those that are loaded: another copy beside them (consolidated.safetensors) changes nothing.
  const bool adapter = std::filesystem::exists(model_dir / "adapter_model.safetensors", error);
  const bool model = std::filesystem::exists(model_dir / "config.json", error);
  for (const bool of_adapter : {true, false}) {
    if (!(of_adapter ? adapter : model)) continue;
    for (const auto& file :
         (of_adapter ? model::choose_adapter_files(model_dir) : model::choose_weight_files(model_dir)).files)
      hashes[file.filename().string()] = file_sha256(file);
  }
  return hashes;
}

nlohmann::json describe_environment(const RunSpec& spec, at::Device device, const Message& device_reason,
                                    const nlohmann::json& hashes, const std::string& data_sha256) {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  return {{"bandscope", build_version()},
          {"git_commit", build_commit()},
          {"libtorch", TORCH_VERSION},
          {"host", host},
          {"processor", processor()},
          {"cpu_capability", at::get_cpu_capability()},
          {"device", device.str()},
          {"device_reason", device_reason.english()},
          {"threads", at::get_num_threads()},
          {"started", iso_time()},
          {"pid", ::getpid()},
          {"sha256", {{"model", hashes}, {"data", data_sha256}}},
          {"model_path", spec.model.path.string()},
          {"data_path", spec.data.train.string()}};
}

std::optional<std::int64_t> free_memory(at::Device device) {
  if (!device.is_cuda()) return std::nullopt;
  return cuda::device_kernels()->free_bytes(device.index());
}

void begin_peak_memory(at::Device device) {
  if (device.is_cuda()) {
    cuda::device_kernels()->reset_peak(device.index());
    return;
  }
  std::ofstream("/proc/self/clear_refs") << "5\n";
}

double peak_memory(at::Device device) {
  if (device.is_cuda()) return cuda::device_kernels()->peak_bytes(device.index());
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

}  // namespace bandscope::trainer
