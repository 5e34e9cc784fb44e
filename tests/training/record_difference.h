// SPDX-License-Identifier: Apache-2.0
// Two HDF5 files, object by object: names, types, extents, contents and attributes.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace serve_test {

namespace hdf5_content {

inline std::string type_text(hid_t type) {
  return std::to_string(H5Tget_class(type)) + ":" + std::to_string(H5Tget_size(type));
}

inline std::string attributes(hid_t object) {
  std::string text;
  H5O_info_t about;
  H5Oget_info(object, &about);
  for (hsize_t i = 0; i < about.num_attrs; ++i) {
    const hid_t attribute = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
    char name[256] = {};
    H5Aget_name(attribute, sizeof name, name);
    const hid_t type = H5Aget_type(attribute);
    std::string value(H5Tget_size(type), '\0');
    H5Aread(attribute, type, value.data());
    text += std::string("@") + name + "=" + type_text(type) + "=" + value + "\n";
    H5Tclose(type);
    H5Aclose(attribute);
  }
  return text;
}

inline std::string data(hid_t dataset) {
  const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
  hsize_t dims[4] = {};
  const int rank = H5Sget_simple_extent_dims(space, dims, nullptr);
  std::string text = type_text(type);
  for (int i = 0; i < rank; ++i) text += " x" + std::to_string(dims[i]);
  std::string value(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)) * H5Tget_size(type), '\0');
  if (!value.empty()) H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value.data());
  H5Sclose(space);
  H5Tclose(type);
  return text + "\n" + value;
}

inline herr_t visit(hid_t file, const char* name, const H5O_info_t* about, void* into) {
  const hid_t object = H5Oopen(file, name, H5P_DEFAULT);
  std::string text = attributes(object);
  if (about->type == H5O_TYPE_DATASET) text += data(object);
  H5Oclose(object);
  (*static_cast<std::map<std::string, std::string>*>(into))[name] = text;
  return 0;
}

inline std::map<std::string, std::string> of(const std::string& path) {
  std::map<std::string, std::string> content;
  // A copy: the file itself may be open in this process in another way, which HDF5 does not bear.
  const std::string copy = path + ".compared";
  std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
  const hid_t file = H5Fopen(copy.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) return {{"", "cannot be opened: " + path}};
  H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, visit, &content);
  H5Fclose(file);
  return content;
}

}  // namespace hdf5_content

/// "", or the first object in which two files differ.
inline std::string hdf5_difference(const std::string& a, const std::string& b) {
  const auto first = hdf5_content::of(a), second = hdf5_content::of(b);
  if (first.size() < 20) return "too few objects in " + a;
  if (first.size() != second.size()) return "another number of objects";
  for (const auto& [name, content] : first) {
    const auto at = second.find(name);
    if (at == second.end()) return name + " is missing";
    if (at->second != content) return name + " differs";
  }
  return "";
}

}  // namespace serve_test
