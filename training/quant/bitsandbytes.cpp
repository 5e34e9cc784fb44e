// SPDX-License-Identifier: Apache-2.0
#include "training/quant/bitsandbytes.h"

#include <dlfcn.h>

#include <cstdlib>
#include <limits>
#include <vector>

#include "core/error.h"

namespace bandscope::quant {
namespace {

namespace fs = std::filesystem;

constexpr const char* type_names[] = {"fp32", "bf16", "fp16"};  // in the order of BnbType
Message what_to_do() {
  return Message::tr("run packaging/setup, or set BANDSCOPE_BITSANDBYTES to the folder of bitsandbytes' libraries");
}

std::vector<fs::path> folders() {
  if (const char* chosen = std::getenv("BANDSCOPE_BITSANDBYTES"); chosen && *chosen) return {chosen};
  std::vector<fs::path> result;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (!error) result = {program, program.parent_path() / "lib" / "bandscope"};
  result.emplace_back(BANDSCOPE_BITSANDBYTES_FOLDER);
  return result;
}

fs::path find(const std::string& name) {
  std::string looked;
  for (const fs::path& folder : folders()) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) return folder / name;
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  throw SpecError(Message::tr("quantisation needs %1, which is not in %2; %3", name, looked, what_to_do()));
}

/// An open library. It stays loaded when this closes: its threads and functions may be in use until the process ends.
class Library {
 public:
  explicit Library(fs::path file)
      : file_(std::move(file)), handle_(::dlopen(file_.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
    if (handle_) return;
    const char* reason = ::dlerror();
    throw SpecError(Message::tr("%1 cannot be loaded (%2); %3", file_,
                                reason ? Message::plain(reason) : Message::tr("no reason given"), what_to_do()));
  }
  template <class Function>
  void get(Function*& function, const std::string& name) const {
    void* address = ::dlsym(handle_.get(), name.c_str());
    if (!address)
      throw SpecError(
          Message::tr("%1 has no function %2, so it is not bitsandbytes 0.50's; %3", file_, name, what_to_do()));
    function = reinterpret_cast<Function*>(address);
  }

 private:
  struct Close {
    void operator()(void* handle) const { ::dlclose(handle); }
  };
  fs::path file_;
  std::unique_ptr<void, Close> handle_;
};

BnbCpu cpu_functions(const Library& library) {
  BnbCpu result;
  library.get(result.quantize, "cquantize_blockwise_cpu_fp32");
  library.get(result.dequantize, "cdequantize_blockwise_cpu_fp32");
  for (int i = 0; i < static_cast<int>(BnbType::count); ++i)
    library.get(result.dequantize_nf4[i], std::string("cdequantize_blockwise_cpu_nf4_") + type_names[i]);
  return result;
}

BnbCuda cuda_functions(const Library& library) {
  BnbCuda result;
  library.get(result.quantize, "cquantize_blockwise_fp32");
  library.get(result.dequantize, "cdequantize_blockwise_fp32");
  for (int i = 0; i < static_cast<int>(BnbType::count); ++i) {
    library.get(result.quantize_nf4[i], std::string("cquantize_blockwise_") + type_names[i] + "_nf4");
    library.get(result.dequantize_nf4[i], std::string("cdequantize_blockwise_") + type_names[i] + "_nf4");
  }
  library.get(result.adam_8bit, "cadam_8bit_blockwise_grad_fp32");
  library.get(result.managed_memory, "cget_managed_ptr");
  library.get(result.prefetch, "cprefetch");
  library.get(result.free, "cudaFree");  // of the CUDA runtime, which the library depends on
  return result;
}

}  // namespace

int bnb_count(std::int64_t n) {
  if (n > std::numeric_limits<int>::max())
    throw RunError(Message::tr("a matrix of %1 values is too large for bitsandbytes on CUDA", n));
  return static_cast<int>(n);
}

std::shared_ptr<const BitsAndBytes> BitsAndBytes::load(c10::Device device) {
  auto result = std::make_shared<BitsAndBytes>();
  result->file_ = find(device.is_cuda() ? "libbitsandbytes_cuda130.so" : "libbitsandbytes_cpu.so");
  const Library library(result->file_);
  if (device.is_cuda()) {
    result->cuda_ = cuda_functions(library);
  } else {
    result->cpu_ = cpu_functions(library);
  }
  return result;
}

}  // namespace bandscope::quant
