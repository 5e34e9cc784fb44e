// SPDX-License-Identifier: Apache-2.0
// Any chat template, over a short conversation.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "training/text/chat_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const bandscope::text::ChatTemplate chat({reinterpret_cast<const char*>(data), size},
                                             {{"bos_token", "<s>"}, {"eos_token", "</s>"}});
    chat.render({{"system", "Be brief."}, {"user", " Hi \xC3\xA9 "}, {"assistant", "Yes."}}, false);
    chat.render({{"user", "Hi"}}, true);
  } catch (const bandscope::DataError&) {
    // A refusal with a sentence is what broken templates should get.
  }
  return 0;
}
