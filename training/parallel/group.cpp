// SPDX-License-Identifier: Apache-2.0
#include "training/parallel/group.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <sched.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>

#include "core/input/json.h"
#include "core/schema/message_json.h"
#include "training/errors/plain_reason.h"
#include "training/parallel/backends.h"

namespace bandscope::parallel {
namespace {

using std::chrono::minutes;
constexpr minutes meeting_time{5};       // for machines of one job that start at different times
constexpr minutes longest_silence{120};  // one may compute reference values while another has them on disk
constexpr minutes longest_exchange{10};  // of gradients, within a step that all processes take

/// Processes of one machine share its cores; launchers that bind them to cores have done so already.
void share_cores(int local_size) {
  cpu_set_t set;
  const bool bound = ::sched_getaffinity(0, sizeof set, &set) == 0 &&
                     CPU_COUNT(&set) < static_cast<int>(std::thread::hardware_concurrency());
  if (local_size > 1 && !bound && !std::getenv("OMP_NUM_THREADS"))
    at::set_num_threads(std::max(1, at::get_num_threads() / local_size));
}

}  // namespace

struct Group::Backends {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::Backend> host, device;
};

struct Group::Pending::State {
  Group* group = nullptr;
  c10::intrusive_ptr<c10d::Work> work;
  at::Tensor target, host;  // a device tensor that went through main memory
  at::Tensor source;        // what is sent until it has been
};

Group::Pending::Pending() = default;
Group::Pending::Pending(Pending&&) noexcept = default;
Group::Pending& Group::Pending::operator=(Pending&&) noexcept = default;
Group::Pending::~Pending() = default;

Group::Group() = default;
Group::~Group() = default;

/// What c10d throws is about sockets; the user's fact is that a process is gone.
template <class Call>
auto Group::guarded(const Call& call) {
  try {
    return call();
  } catch (const std::exception& error) {
    broken_ = true;
    throw LostProcess(
        Message::tr("process %1 of %2 lost another one of this run: %3", rank(), size(), errors::plain_reason(error)));
  }
}

Group::Group(const Launch& launch) : launch_(launch) {
  if (alone()) return;
  share_cores(launch.local_size);
  backends_ = std::make_unique<Backends>();
  try {
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(launch.port);
    options.isServer = first();
    options.numWorkers = static_cast<std::size_t>(size());
    options.timeout = meeting_time;
    // torchrun keeps a store of its own at this address; who does so says it in the environment.
    const char* agent_store = std::getenv("TORCHELASTIC_USE_AGENT_STORE");
    if (agent_store && std::strcmp(agent_store, "True") == 0) options.isServer = false;
    backends_->store = c10::make_intrusive<c10d::TCPStore>(launch.address, options);
    // Started again by torchrun (--max-restarts), the processes must not read where those before them listened.
    if (const char* attempt = std::getenv("TORCHELASTIC_RESTART_COUNT"))
      backends_->store = c10::make_intrusive<c10d::PrefixStore>(std::string("attempt_") + attempt, backends_->store);
    backends_->host = make_gloo(backends_->store, launch, longest_silence);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw LostProcess(Message::tr("process %1 of %2 did not meet the others at %3:%4: %5", rank(), size(),
                                  launch.address, launch.port, errors::plain_reason(error)));
  }
}

void Group::use_device(at::Device device, const std::string& identity) {
  if (alone() || backends_->device) return;
  const std::vector<std::string> kinds = gather(device.is_cpu() ? "cpu" : has_nccl() ? "nccl" : "gpu");
  std::vector<std::string> identities = gather(identity);
  const auto on_cpu = std::ranges::find(kinds, "cpu"),
             on_gpu = std::ranges::find_if(kinds, [](const std::string&kind) { return kind != "cpu"; });
  if (on_cpu != kinds.end() && on_gpu != kinds.end())
    throw AgreedError(
        ExitCode::bad_spec,
        Message::tr("run.device: process %1 computes on a GPU and process %2 on the CPU; all processes of "
                    "a run need the same: \"cuda\" names a machine that has none, \"cpu\" does without",
                    on_gpu - kinds.begin(), on_cpu - kinds.begin()));
  if (std::ranges::count(kinds, "nccl") != size()) return;
  std::ranges::sort(identities);
  const auto same = std::ranges::adjacent_find(
      identities, [](const std::string& a, const std::string& b) { return !a.empty() && a == b; });
  if (same != identities.end()) {
    spdlog::warn("processes share the GPU {}, which NCCL does not do: what they exchange goes through main memory",
                 *same);
    return;
  }
  guarded([&] {
    backends_->device = make_nccl(backends_->store, launch_, longest_exchange);
    // The communicator is made by the first exchange, and without a time limit: here, where all of them have just
    // spoken, and not where one may have run out of memory before.
    std::vector<at::Tensor> first = {at::zeros({1}, at::TensorOptions().device(device))};
    backends_->device->allreduce(first)->wait();
  });
}

void Group::sum(std::span<double> values) {
  if (alone() || values.empty()) return;
  guarded([&] {
    std::vector<at::Tensor> tensors = {
        at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kDouble)};
    backends_->host->allreduce(tensors)->wait();
  });
}

double Group::sum(double value) {
  sum(std::span<double>(&value, 1));
  return value;
}

std::vector<double> Group::gather(std::span<const double> values) {
  if (alone()) return {values.begin(), values.end()};
  // Everyone's part of a zero vector, summed: x + 0 is x, and NaN stays NaN.
  std::vector<double> all(values.size() * static_cast<std::size_t>(size()), 0.0);
  std::copy(values.begin(), values.end(),
            all.begin() + static_cast<std::ptrdiff_t>(values.size() * static_cast<std::size_t>(rank())));
  sum(all);
  return all;
}

std::vector<std::string> Group::gather(const std::string& text) {
  std::vector<std::string> all;
  for (int i = 0; i < size(); ++i) all.push_back(broadcast(text, i));
  return all;
}

void Group::broadcast(at::Tensor& tensor, int from) {
  if (alone()) return;
  guarded([&] {
    c10d::BroadcastOptions options;
    options.rootRank = from;
    const bool direct = tensor.is_cpu() || backends_->device;
    std::vector<at::Tensor> tensors = {(direct ? tensor : tensor.cpu()).contiguous()};
    (tensor.is_cpu() || !direct ? backends_->host : backends_->device)->broadcast(tensors, options)->wait();
    if (!tensors[0].is_same(tensor)) tensor.copy_(tensors[0]);
  });
}

std::string Group::broadcast(const std::string& text, int from) {
  if (alone()) return text;
  at::Tensor length = at::full({1}, static_cast<std::int64_t>(text.size()), at::kLong);
  broadcast(length, from);
  at::Tensor bytes = at::empty({length.item<std::int64_t>()}, at::kByte);
  if (bytes.numel() == 0) return {};
  if (rank() == from) std::memcpy(bytes.mutable_data_ptr(), text.data(), text.size());
  broadcast(bytes, from);
  return {static_cast<const char*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.numel())};
}

Group::Pending Group::start_sum(const at::Tensor& tensor) {
  Pending pending;
  if (alone()) return pending;
  pending.state_ = std::make_unique<Pending::State>();
  pending.state_->group = this;
  guarded([&] {
    const bool direct = tensor.is_cpu() || backends_->device;
    if (!direct) pending.state_->target = tensor, pending.state_->host = tensor.cpu();
    std::vector<at::Tensor> tensors = {direct ? tensor : pending.state_->host};
    pending.state_->work = (tensors[0].is_cpu() ? backends_->host : backends_->device)->allreduce(tensors);
  });
  return pending;
}

Group::Pending Group::start_gather(const at::Tensor& whole, const at::Tensor& own) {
  Pending pending;
  if (alone()) {
    whole.copy_(own);
    return pending;
  }
  pending.state_ = std::make_unique<Pending::State>();
  Pending::State& state = *pending.state_;
  state.group = this;
  guarded([&] {
    const bool direct = whole.is_cpu() || backends_->device;
    if (!direct) state.target = whole, state.host = at::empty(whole.sizes(), whole.options().device(at::kCPU));
    at::Tensor output = direct ? whole : state.host;
    state.source = direct ? own : own.cpu();
    state.work = (output.is_cpu() ? backends_->host : backends_->device)->_allgather_base(output, state.source);
  });
  return pending;
}

void Group::Pending::wait() {
  if (!state_) return;
  const auto state = std::move(state_);
  state->group->guarded([&] { state->work->wait(); });
  if (state->host.defined()) state->target.copy_(state->host);
}

void Group::together(const std::function<void()>& body) {
  if (alone()) return body();
  Message problem;
  int code = 0;
  try {
    body();
  } catch (const LostProcess&) {
    throw;
  } catch (const Error& error) {
    problem = error.message(), code = static_cast<int>(error.code());
  } catch (const std::exception& error) {
    problem = errors::plain_reason(error), code = static_cast<int>(ExitCode::failed);
  }
  const double own = code;
  const std::vector<double> codes = gather({&own, 1});
  for (int i = 0; i < size(); ++i) {
    if (codes[static_cast<std::size_t>(i)] == 0) continue;
    const nlohmann::json own_problem = {{"error", problem.english()}, {"message", to_json(problem)}};
    const auto told =
        try_json(broadcast(own_problem.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), i));
    const Message message =
        told ? message_of(told->value("error", std::string()), told->value("message", nlohmann::json()))
             : Message::tr("the process gave no reason");
    throw AgreedError(static_cast<ExitCode>(static_cast<int>(codes[static_cast<std::size_t>(i)])),
                      i == 0 ? message : Message::tr("process %1: %2", i, message));
  }
}

}  // namespace bandscope::parallel
