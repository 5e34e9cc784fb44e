// SPDX-License-Identifier: Apache-2.0
// Errors that reach the user as one sentence and as the exit code of the specification.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/message/message.h"

namespace bandscope {

/// Exit codes of `bandscope` and `bandscope-engine` (specification, section 1).
enum class ExitCode : int { done = 0, failed = 1, bad_spec = 2, bad_data = 3, stopped = 130 };

/// An exception that says what is wrong with a message; what() is its English.
class MessageError : public std::runtime_error {
 public:
  explicit MessageError(Message message) : std::runtime_error(message.english()), message_(std::move(message)) {}
  const Message& message() const noexcept { return message_; }

 private:
  Message message_;
};

/// Base of every error whose message is meant for the user: one sentence that says what happened, where
/// (file, line or row, key or tensor) and what is allowed.
class Error : public MessageError {
 public:
  Error(ExitCode code, Message message) : MessageError(std::move(message)), code_(code) {}
  ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

/// What an exception says: a MessageError its message, another one its text.
inline Message message_of(const std::exception& error) {
  const auto* own = dynamic_cast<const MessageError*>(&error);
  return own ? own->message() : Message::plain(error.what());
}

/// A bad command line or run spec (exit 2).
struct SpecError : Error {
  explicit SpecError(Message message) : Error(ExitCode::bad_spec, std::move(message)) {}
  SpecError(Message message, std::string key_at_fault, int line_at_fault)
      : Error(ExitCode::bad_spec, std::move(message)), key(std::move(key_at_fault)), line(line_at_fault) {}

  std::string key;  ///< dotted key at fault, so that a form can show the message beside its field; empty: none
  int line = 0;     ///< line of the spec, from 1; 0: none
};

/// What the value of a key is unfit for, found after the spec was read: `key "KEY": COMPLAINT`, without a line yet
/// (at_its_place of core/spec/error_place.h adds it).
inline SpecError key_error(const std::string& key, Message complaint) {
  return {Message::tr("key \"%1\": %2", key, std::move(complaint)), key, 0};
}

/// Unreadable or unusable data, model, tokenizer or record (exit 3).
struct DataError : Error {
  explicit DataError(Message message) : Error(ExitCode::bad_data, std::move(message)) {}
};

/// A file that cannot be read at all: "cannot read FILE: REASON".
struct FileError : DataError {
  FileError(const std::filesystem::path& file, const Message& why)
      : DataError(Message::tr("cannot read %1: %2", file, why)), reason(why) {}
  Message reason;
};

/// A run that failed while it ran: full disk, non-finite values, out of memory (exit 1).
struct RunError : Error {
  explicit RunError(Message message) : Error(ExitCode::failed, std::move(message)) {}
};

}  // namespace bandscope
