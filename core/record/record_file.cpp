// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "core/input/system_reason.h"
#include "core/record/examiner.h"

namespace bandscope::record {

namespace {

/// More than what creating a record writes.
constexpr off_t front_bytes = 1 << 20;

[[noreturn]] void fail_with_errno() { throw h5::Failure(system_reason(errno)); }

/// Fails where the disk has no room for a new record. HDF5 is not asked to create one there: where it runs out of room
/// half way it keeps a broken handle that ends the program with a signal at its exit.
void require_room(const std::filesystem::path& file) {
  constexpr off_t creation_bytes = 256 << 10;
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) fail_with_errno();
  const int problem = ::posix_fallocate(descriptor, 0, creation_bytes);
  ::close(descriptor);
  ::unlink(file.c_str());
  if (problem == ENOSPC || problem == EDQUOT) throw h5::Failure(system_reason(problem));
}

/// A scalar that is overwritten while the file grows; its room is taken now, so that no metadata changes later.
template <typename Value>
h5::Dataset create_scalar(hid_t location, const char* name, hid_t type, Value value) {
  const h5::Space scalar(H5Screate(H5S_SCALAR));
  const h5::Properties properties(H5Pcreate(H5P_DATASET_CREATE));
  h5::checked(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY));
  h5::Dataset dataset(H5Dcreate2(location, name, type, scalar.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT));
  h5::checked(H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
  return dataset;
}

void write_names(hid_t file, const std::vector<std::string>& names) {
  std::size_t longest = 1;
  for (const auto& name : names) longest = std::max(longest, name.size());
  std::string cells(names.size() * longest, '\0');
  for (std::size_t i = 0; i < names.size(); ++i) names[i].copy(cells.data() + i * longest, longest);
  const h5::Group group(H5Gcreate2(file, "layers", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  const hsize_t count = names.size();
  const h5::Space space(H5Screate_simple(1, &count, nullptr));
  const h5::Type type = h5::fixed_string(longest);
  const h5::Dataset dataset(
      H5Dcreate2(group.get(), "names", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  h5::checked(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()));
}

}  // namespace

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

RecordFile::RecordFile(const std::filesystem::path& final_name, const std::string& spec_toml,
                       const std::string& environment_json, const std::vector<std::string>& layer_names)
    : final_name_(final_name), layers_(layer_names.size()) {
  temporary_ =
      final_name.parent_path() / ("." + final_name.filename().string() + "." + std::to_string(::getpid()) + ".new");
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
  start_record_examiner();
  require_room(temporary_);
  try {
    const h5::Properties access = h5::record_access();
    const h5::Properties creation(H5Pcreate(H5P_FILE_CREATE));
    // A killed process's write(2) stops between two pages of the kernel's page cache. Paged allocation never lays
    // metadata of at most a page across two pages, so a header is on disk as it was or as it is, never half of each.
    h5::checked(H5Pset_file_space_strategy(creation.get(), H5F_FSPACE_STRATEGY_PAGE, false, 1));
    h5::checked(H5Pset_file_space_page_size(creation.get(), kernel_page_bytes));
    file_ = h5::File(H5Fcreate(temporary_.c_str(), H5F_ACC_EXCL, creation.get(), access.get()));
    lock_ = WriterLock::take(temporary_);
    h5::write_text_attribute(file_.get(), "format", format_name);
    {
      const h5::Space scalar(H5Screate(H5S_SCALAR));
      h5::Attribute version(
          H5Acreate2(file_.get(), "format_version", H5T_STD_I64LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT));
      h5::checked(H5Awrite(version.get(), H5T_NATIVE_INT, &format_version));
      version.close();
    }
    h5::write_text(file_.get(), "spec", spec_toml);
    h5::write_text(file_.get(), "environment", environment_json);
    {
      const h5::Group status(H5Gcreate2(file_.get(), "status", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
      state_ = create_scalar(status.get(), "state", H5T_NATIVE_INT64, std::int64_t{0});
      heartbeat_ = create_scalar(status.get(), "heartbeat", H5T_NATIVE_DOUBLE, wall_clock());
    }
    for (auto layout : {steps_layout(), pairs_layout(), probe_layout(), events_layout(), evaluation_layout()})
      create_table(std::move(layout));
    if (!layer_names.empty()) {
      write_names(file_.get(), layer_names);
      create_table(layers_layout(layers_));
    }
    h5::checked(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL));
  } catch (...) {
    abandon();
    std::filesystem::remove(temporary_, ignored);
    throw;
  }
}

RecordFile::~RecordFile() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
}

void RecordFile::require_creating() const {
  if (appending_) throw std::logic_error("a run record cannot get new objects once rows are being appended");
}

void RecordFile::create_table(TableLayout layout) {
  require_creating();
  tables_.emplace_back(file_.get(), std::move(layout));
}

void RecordFile::write_state(RunState state) {
  const auto value = static_cast<std::int64_t>(state);
  h5::checked(H5Dwrite(state_.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
  h5::checked(H5Dflush(state_.get()));
}

void RecordFile::write_heartbeat(double seconds_since_1970) {
  h5::checked(H5Dwrite(heartbeat_.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &seconds_since_1970));
  h5::checked(H5Dflush(heartbeat_.get()));
}

void RecordFile::overwrite_state(RunState state) noexcept {
  void* handle = nullptr;
  if (!file_ || H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &handle) < 0 || handle == nullptr) return;
  const haddr_t place = H5Dget_offset(state_.get());
  if (place == HADDR_UNDEF) return;
  const auto value = static_cast<std::int64_t>(state);
  [[maybe_unused]] const ssize_t written =
      ::pwrite(*static_cast<const int*>(handle), &value, sizeof value, static_cast<off_t>(place));
}

void RecordFile::start_swmr() {
  require_creating();
  // Every attribute and group handle is closed by now, as H5Fstart_swmr_write demands; open datasets are allowed.
  h5::checked(H5Fstart_swmr_write(file_.get()));
  appending_ = true;
}

void RecordFile::publish(bool replace) {
  if (replace) {
    // The old file is the only copy of its rows until the new one has reached the disk.
    const int descriptor = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool written = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!written) throw h5::Failure(system_reason(reason));
  }
  const unsigned flags = replace ? 0 : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, final_name_.c_str(), flags) != 0) {
    if (replace || errno != EINVAL) fail_with_errno();
    // A file system without RENAME_NOREPLACE: a hard link also refuses an existing name.
    if (::link(temporary_.c_str(), final_name_.c_str()) != 0) fail_with_errno();
    ::unlink(temporary_.c_str());
  }
  temporary_.clear();
}

void RecordFile::close() {
  if (!file_) return;
  tables_.clear();
  state_.close();
  heartbeat_.close();
  file_.close();
  lock_.release();
}

void RecordFile::abandon() noexcept {
  if (!file_) return;
  void* handle = nullptr;
  if (H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &handle) >= 0 && handle != nullptr) {
    const int descriptor = *static_cast<int*>(handle);
    const int nowhere = ::memfd_create("bandscope-abandoned-record", MFD_CLOEXEC);
    if (nowhere >= 0) {
      // Closing reads the superblock's extension again, which lies at the front.
      off_t from = 0;
      ssize_t copied = 1;
      while (copied > 0) copied = ::sendfile(nowhere, descriptor, &from, static_cast<size_t>(front_bytes - from));
      ::dup3(nowhere, descriptor, O_CLOEXEC);
      ::close(nowhere);
    }
  }
  tables_.clear();
  state_.reset();
  heartbeat_.reset();
  file_.reset();
  H5Eclear2(H5E_DEFAULT);
  lock_.release();
}

}  // namespace bandscope::record
