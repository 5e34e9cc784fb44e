// SPDX-License-Identifier: Apache-2.0
#include "training/errors/plain_reason.h"

#include <c10/util/Exception.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "core/input/system_reason.h"

namespace bandscope::errors {
namespace {

/// The number behind `before`, "" where there is none.
std::string number_after(const std::string& text, std::string_view before) {
  const std::size_t place = text.find(before);
  if (place == std::string::npos) return "";
  const std::size_t begin = place + before.size();
  return text.substr(begin, text.find_first_not_of("0123456789", begin) - begin);
}

Message of_torch(const c10::Error& error, const Message& doing) {
  const std::string text = error.what_without_backtrace();
  if (const std::string bytes = number_after(text, "you tried to allocate "); !bytes.empty())
    return Message::tr("out of memory while %1: %2 bytes more were needed", doing, bytes);
  for (const char* overflow : {"Stride calculation overflowed", "Storage size calculation overflowed"})
    if (text.find(overflow) != std::string::npos)
      return Message::tr("out of memory while %1: a tensor larger than any memory was asked for", doing);
  return Message::plain(text.substr(0, text.find('\n')));
}

}  // namespace

Message plain_reason(const std::exception& error, const Message& doing) {
  if (const auto* own = dynamic_cast<const MessageError*>(&error)) return own->message();
  if (dynamic_cast<const std::bad_alloc*>(&error)) return Message::tr("out of memory while %1", doing);
  if (dynamic_cast<const std::length_error*>(&error))
    return Message::tr("out of memory while %1: a list longer than any memory was asked for", doing);
  if (const auto* from_torch = dynamic_cast<const c10::Error*>(&error)) return of_torch(*from_torch, doing);
  if (const auto* of_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error))
    return Message::at(of_file->path1(), system_reason(of_file->code()));
  if (const auto* of_system = dynamic_cast<const std::system_error*>(&error))
    return Message::tr("%1 while %2", system_reason(of_system->code()), doing);
  if (dynamic_cast<const nlohmann::json::exception*>(&error))
    return Message::tr("JSON of another form than was expected while %1", doing);
  const std::string text = error.what();
  return Message::plain(text.substr(0, text.find('\n')));
}

void end_with_a_sentence() noexcept {
  constexpr std::string_view program = "bandscope-engine: ", memory = "out of memory",
                             unknown = "ended by an error that nothing else caught";
  const auto say = [](std::string_view text) {
    [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
  };
  say(program);
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
    say(unknown);
  } catch (const std::bad_alloc&) {
    say(memory);
  } catch (const std::exception& error) {
    say(error.what());  // nothing that could throw once more
  } catch (...) {
    say(unknown);
  }
  say("\n");
  ::_exit(static_cast<int>(ExitCode::failed));
}

}  // namespace bandscope::errors
