// SPDX-License-Identifier: Apache-2.0
#include "core/process/arguments.h"

#include <string_view>

#include "core/error.h"

namespace bandscope {

void refuse_empty_arguments(std::span<const char* const> arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument.empty())
      throw SpecError(
          Message::tr("the argument after %1 is empty; is a variable of the script not set?", arguments[i - 1]));
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1)
      throw SpecError(Message::tr("%1 has no value; is a variable of the script not set?", argument));
  }
}

}  // namespace bandscope
