// SPDX-License-Identifier: Apache-2.0
// The little of HDF5's C interface that the run record needs: handles that close themselves, failures with the
// system's own reason, and one lock around all calls of the process. For the sources of core/record only.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/error.h"

namespace bandscope::h5 {

/// A failed HDF5 call: `what()` is the reason alone, e.g. "No space left on device". Callers add the path.
struct Failure : MessageError {
  using MessageError::MessageError;
};

/// Held around every group of HDF5 calls: builds of the library without thread safety corrupt their state otherwise,
/// and those with it keep one error report per thread, which this silences for the present one.
class Lock {
 public:
  Lock();

  /// For the one thread of a forked process: the lock that its parent held at that moment would never be let go.
  static void forget_in_fork();

 private:
  std::unique_lock<std::recursive_mutex> held_;
};

/// The innermost reason on HDF5's error stack; the operating system's words where there are any. Clears the stack.
Message failure_reason();

/// Passes a result on, or throws Failure.
template <typename Result>
Result checked(Result result) {
  if (result < 0) throw Failure(failure_reason());
  return result;
}

/// Owns one identifier. Errors of closing are ignored: whoever must know of them closes with `close()` first.
template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(checked(id)) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, H5I_INVALID_HID);
    }
    return *this;
  }
  ~Handle() { reset(); }

  explicit operator bool() const { return id_ >= 0; }
  hid_t get() const { return id_; }
  void reset() {
    if (id_ >= 0) Close(std::exchange(id_, H5I_INVALID_HID));
  }
  void close() {
    if (id_ >= 0) checked(Close(std::exchange(id_, H5I_INVALID_HID)));
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using File = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using Properties = Handle<H5Pclose>;
using Attribute = Handle<H5Aclose>;

/// Access properties of every record opened in this process (HDF5 wants them equal where a file is opened twice):
/// latest format, which SWMR needs, and no locks by HDF5, since writers hold their own (writer_lock.h).
/// `being_written`: a metadata block whose checksum is wrong is read again for some tens of milliseconds, since its
/// writer may be at it; else it is damaged. (HDF5's own default doubles its pause a hundred times, that is for ever.)
/// `cut_short`: opens although the file ends earlier than it once did.
Properties record_access(bool being_written = false, bool cut_short = false);

/// A string type of `size` bytes, UTF-8, padded with zeros. Fixed length, because strings of variable length are not
/// supported under SWMR.
Type fixed_string(std::size_t size);

/// Writes `text` as an attribute, or as a scalar dataset, of fixed length: the heap that holds texts of variable length
/// is the one part of a file of the latest format that has no checksum.
void write_text_attribute(hid_t object, const char* name, const std::string& text);
void write_text(hid_t location, const char* name, const std::string& text);

}  // namespace bandscope::h5
