// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/reason.h"

#include <c10/util/Exception.h>

namespace bandscope {

std::string plain_reason(const std::exception& error) {
  const auto* from_torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text = from_torch ? from_torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace bandscope
