// SPDX-License-Identifier: Apache-2.0
// The processes that share one run, and what they tell each other (LibTorch's c10d: Gloo, and NCCL for tensors on
// GPUs). A process alone is a group of one: everything below then does nothing, so that callers need no second path.
//
// All calls but rank() and size() are collective: every process makes the same ones in the same order.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "training/parallel/launch.h"

namespace bandscope::parallel {

/// Another process of the run is gone, or cannot be reached.
struct LostProcess : RunError {
  using RunError::RunError;
};

/// Every process fails at this place, for this reason: what they exchange next still goes together.
struct AgreedError : Error {
  using Error::Error;
};

class Group {
 public:
  /// A process alone.
  Group();
  /// Meets the others at launch.address. Throws LostProcess when they do not all come in time, RunError where this
  /// build has no Gloo.
  explicit Group(const Launch& launch);
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  int rank() const { return launch_.rank; }
  int size() const { return launch_.size; }
  int local_rank() const { return launch_.local_rank; }
  bool alone() const { return launch_.size == 1; }
  /// The one process that writes records, checkpoints and logs.
  bool first() const { return launch_.rank == 0; }
  /// True after a LostProcess, and after abandon(): there is no one left to talk to.
  bool broken() const { return broken_; }
  /// This process failed where the others go on: what it would exchange next is not what they wait for. They lose it
  /// when it ends.
  void abandon() { broken_ = !alone(); }

  /// Tensors of this device are exchanged from now on: through NCCL where every process has it and a GPU of its own,
  /// else through main memory. `identity` names the card on whatever machine; "" where it is not known. AgreedError
  /// where some compute on a GPU and some on the CPU.
  void use_device(at::Device device, const std::string& identity);

  /// values += the others', in place.
  void sum(std::span<double> values);
  double sum(double value);
  /// The same elements of every process, rank after rank. All pass as many.
  std::vector<double> gather(std::span<const double> values);
  /// Everyone's text, rank after rank.
  std::vector<std::string> gather(const std::string& text);
  /// Rank `from`'s text, on all.
  std::string broadcast(const std::string& text, int from = 0);
  void broadcast(at::Tensor& tensor, int from = 0);

  /// A sum in progress; wait() before the tensor is read or changed.
  class Pending {
   public:
    Pending();
    Pending(Pending&&) noexcept;
    Pending& operator=(Pending&&) noexcept;
    ~Pending();
    void wait();

   private:
    friend class Group;
    struct State;
    std::unique_ptr<State> state_;
  };
  /// tensor += the others', in place, while the caller goes on.
  Pending start_sum(const at::Tensor& tensor);

  /// `whole`: everyone's `own` one after the other, rank by rank, while the caller goes on. All of them are of one
  /// size.
  Pending start_gather(const at::Tensor& whole, const at::Tensor& own);

  /// Runs `body` on every process. Where it throws on one, it counts as failed on all: the first failing rank's error
  /// is thrown everywhere, as an AgreedError, so that no process waits for one that has given up.
  void together(const std::function<void()>& body);

 private:
  struct Backends;
  template <class Call>
  auto guarded(const Call& call);
  Launch launch_;
  std::unique_ptr<Backends> backends_;
  bool broken_ = false;
};

}  // namespace bandscope::parallel
