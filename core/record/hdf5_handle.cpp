// SPDX-License-Identifier: Apache-2.0
#include "core/record/hdf5_handle.h"

#include <string_view>

#include "core/input/system_reason.h"

namespace bandscope::h5 {

namespace {

std::recursive_mutex& process_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

bool& alone() {
  static bool value = false;
  return value;
}

struct Reasons {
  std::string innermost;
  std::string system;
};

herr_t collect(unsigned, const H5E_error2_t* error, void* data) {
  auto& reasons = *static_cast<Reasons*>(data);
  const std::string description = error->desc ? error->desc : "";
  if (reasons.innermost.empty()) reasons.innermost = description;
  if (error->maj_num == H5E_RESOURCE && error->min_num == H5E_NOSPACE &&
      description.find("memory") != std::string::npos)
    reasons.innermost = "out of memory";
  // The file driver writes "…, errno = 28, error message = 'No space left on device', …".
  constexpr std::string_view marker = "error message = '";
  if (const auto at = description.find(marker); at != std::string::npos && reasons.system.empty()) {
    const auto begin = at + marker.size();
    reasons.system = description.substr(begin, description.find('\'', begin) - begin);
  }
  return 0;
}

Type utf8_string(std::size_t size) {
  Type type(H5Tcopy(H5T_C_S1));
  checked(H5Tset_size(type.get(), size));
  checked(H5Tset_cset(type.get(), H5T_CSET_UTF8));
  return type;
}

}  // namespace

Lock::Lock() {
  // The library's own handler at a program's end would write what a failed writer left, and has crashed of it; every
  // handle here closes itself.
  [[maybe_unused]] static const herr_t no_exit_handler = H5dont_atexit();
  if (!alone()) held_ = std::unique_lock(process_mutex());
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

void Lock::forget_in_fork() { alone() = true; }

Message failure_reason() {
  Reasons reasons;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &reasons);
  H5Eclear2(H5E_DEFAULT);
  if (!reasons.system.empty()) return system_reason(reasons.system);
  return Message::plain(reasons.innermost.empty() ? "unknown HDF5 error" : reasons.innermost);
}

Properties record_access(bool being_written, bool cut_short) {
  Properties access(H5Pcreate(H5P_FILE_ACCESS));
  checked(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST));
  checked(H5Pset_file_locking(access.get(), false, true));
  checked(H5Pset_metadata_read_attempts(access.get(), being_written ? 26 : 1));
  if (cut_short) {
    // The property by which HDF5's own h5clear opens such files; it has no function of its own.
    const hbool_t skip = true;
    checked(H5Pset(access.get(), "skip_eof_check", &skip));
  }
  return access;
}

Type fixed_string(std::size_t size) {
  Type type = utf8_string(size == 0 ? 1 : size);
  checked(H5Tset_strpad(type.get(), H5T_STR_NULLPAD));
  return type;
}

void write_text_attribute(hid_t object, const char* name, const std::string& text) {
  const Type type = fixed_string(text.size());
  const Space scalar(H5Screate(H5S_SCALAR));
  Attribute attribute(H5Acreate2(object, name, type.get(), scalar.get(), H5P_DEFAULT, H5P_DEFAULT));
  checked(H5Awrite(attribute.get(), type.get(), text.c_str()));
  attribute.close();
}

void write_text(hid_t location, const char* name, const std::string& text) {
  const Type type = fixed_string(text.size());
  const Space scalar(H5Screate(H5S_SCALAR));
  Dataset dataset(H5Dcreate2(location, name, type.get(), scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  checked(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.c_str()));
  dataset.close();
}

}  // namespace bandscope::h5
