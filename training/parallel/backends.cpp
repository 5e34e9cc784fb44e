// SPDX-License-Identifier: Apache-2.0
#include "training/parallel/backends.h"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#ifdef BANDSCOPE_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif

#include <dlfcn.h>

#include <cstdlib>

#include "core/error.h"

namespace bandscope::parallel {

#ifdef BANDSCOPE_GLOO
c10::intrusive_ptr<c10d::Backend> make_gloo(const c10::intrusive_ptr<c10d::Store>& store, const Launch& launch,
                                            std::chrono::milliseconds timeout) {
  using Gloo = c10d::ProcessGroupGloo;
  auto options = Gloo::Options::create(timeout);
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  const bool here = launch.address == "127.0.0.1" || launch.address == "localhost";
  if (interface && *interface) {
    options->devices.push_back(Gloo::createDeviceForInterface(interface));
  } else if (here) {
    options->devices.push_back(Gloo::createDeviceForHostname("127.0.0.1"));  // whatever this machine's name resolves to
  } else {
    options->devices.push_back(Gloo::createDefaultDevice());
  }
  const auto own = c10::make_intrusive<c10d::PrefixStore>("gloo", store);
  return c10::make_intrusive<Gloo>(own, launch.rank, launch.size, options);
}
#else
c10::intrusive_ptr<c10d::Backend> make_gloo(const c10::intrusive_ptr<c10d::Store>&, const Launch&,
                                            std::chrono::milliseconds) {
  throw RunError(
      Message::tr("this build has no Gloo, which several processes need: install libgloo-dev and build again"));
}
#endif

namespace {
MakeNccl* nccl_maker() { return reinterpret_cast<MakeNccl*>(::dlsym(RTLD_DEFAULT, make_nccl_symbol)); }
}  // namespace

bool has_nccl() { return nccl_maker() != nullptr; }

c10::intrusive_ptr<c10d::Backend> make_nccl(const c10::intrusive_ptr<c10d::Store>& store, const Launch& launch,
                                            std::chrono::milliseconds timeout) {
  MakeNccl* const make = nccl_maker();
  return make ? make(c10::make_intrusive<c10d::PrefixStore>("nccl", store), launch.rank, launch.size, timeout)
              : nullptr;
}

}  // namespace bandscope::parallel
