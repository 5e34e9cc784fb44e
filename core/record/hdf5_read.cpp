// SPDX-License-Identifier: Apache-2.0
#include "core/record/hdf5_read.h"

#include <algorithm>
#include <cstring>

namespace bandscope::h5 {

namespace {

void require_real(hid_t type, const std::string& name) {
  for (const hid_t known : {H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_IEEE_F32LE, H5T_IEEE_F32BE})
    if (checked(H5Tequal(type, known)) > 0) return;
  throw Failure(Message::tr("%1 holds no numbers of 4 or 8 bytes", name));
}

void require_integer(hid_t type, const std::string& name) {
  const std::size_t bytes = H5Tget_size(type);
  const bool whole = H5Tget_class(type) == H5T_INTEGER && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8) &&
                     H5Tget_precision(type) == 8 * bytes && H5Tget_offset(type) == 0;
  if (!whole) throw Failure(Message::tr("%1 holds no whole numbers of 1, 2, 4 or 8 bytes", name));
}

void require_fixed_text(hid_t type, const std::string& name, hsize_t most_bytes) {
  if (H5Tget_class(type) != H5T_STRING || checked(H5Tis_variable_str(type)) > 0)
    throw Failure(Message::tr("%1 holds no texts of fixed length", name));
  if (H5Tget_size(type) == 0 || H5Tget_size(type) > most_bytes)
    throw Failure(
        Message::tr("%1 declares texts of %2 bytes; at most %3 are read", name, H5Tget_size(type), most_bytes));
}

std::string until_zero(const char* text, std::size_t most) { return {text, ::strnlen(text, most)}; }

std::string slashed(const char* name) { return std::string("/") + name; }

/// For messages: where an object of a group lies.
std::string path_of(hid_t group, const char* name) {
  char path[256] = {};
  if (H5Iget_name(group, path, sizeof path) <= 0) H5Eclear2(H5E_DEFAULT);
  return (path[1] == '\0' ? "" : std::string(path)) + slashed(name);
}

/// The extents of a space that is a scalar, or simple with at most `most_rank` dimensions.
std::vector<hsize_t> dims_of(hid_t space, const std::string& name, int most_rank) {
  const H5S_class_t kind = H5Sget_simple_extent_type(space);
  if (kind == H5S_SCALAR) return {};
  const int rank = kind == H5S_SIMPLE ? H5Sget_simple_extent_ndims(space) : -1;
  if (rank < 0) throw Failure(Message::tr("%1 has no extent", name));
  if (rank > most_rank) throw Failure(Message::tr("%1 has %2 dimensions; at most %3 are read", name, rank, most_rank));
  std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
  if (rank > 0) checked(H5Sget_simple_extent_dims(space, dims.data(), nullptr));
  return dims;
}

/// What the creation properties say; asked before the extent, since that of a virtual dataset opens its source files.
void require_own_values(hid_t dataset, const std::string& name) {
  const Properties creation(H5Dget_create_plist(dataset));
  if (H5Pget_external_count(creation.get()) != 0)
    throw Failure(Message::tr("%1 keeps its values in other files", name));
  const H5D_layout_t layout = H5Pget_layout(creation.get());
  if (layout == H5D_VIRTUAL) throw Failure(Message::tr("%1 is a view of other datasets", name));
  if (layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS && layout != H5D_COMPACT)
    throw Failure(Message::tr("%1 has an unknown layout", name));
  if (checked(H5Pget_nfilters(creation.get())) != 0)
    throw Failure(
        Message::tr("%1 is compressed or filtered, which records are not (h5repack -f NONE undoes it)", name));
  if (layout != H5D_CHUNKED) return;
  hsize_t chunk[H5S_MAX_RANK] = {};
  const int rank = checked(H5Pget_chunk(creation.get(), H5S_MAX_RANK, chunk));
  const Type type(H5Dget_type(dataset));
  hsize_t bytes = std::max<hsize_t>(H5Tget_size(type.get()), 1);
  for (int i = 0; i < rank; ++i) {
    if (chunk[i] == 0 || bytes > kMostChunkBytes / chunk[i])
      throw Failure(Message::tr("%1 has chunks of more than 64 MiB", name));
    bytes *= chunk[i];
  }
}

}  // namespace

bool has(hid_t location, const char* name) {
  if (std::strchr(name, '/') != nullptr) throw Failure(Message::tr("a path is no name"));
  if (checked(H5Lexists(location, name, H5P_DEFAULT)) == 0) return false;
  H5L_info_t link;
  checked(H5Lget_info(location, name, &link, H5P_DEFAULT));
  if (link.type != H5L_TYPE_HARD)
    throw Failure(Message::tr("%1 is a link to another place; a record holds what it holds", path_of(location, name)));
  return true;
}

Group open_group(hid_t location, const char* name) {
  if (!has(location, name)) throw Failure(Message::tr("there is no %1", slashed(name)));
  H5O_info_t about;
  checked(H5Oget_info_by_name(location, name, &about, H5P_DEFAULT));
  if (about.type != H5O_TYPE_GROUP) throw Failure(Message::tr("%1 is no group", slashed(name)));
  return Group(H5Gopen2(location, name, H5P_DEFAULT));
}

Dataset open_dataset(hid_t location, const char* name, bool chunk_cache) {
  if (!has(location, name)) throw Failure(Message::tr("there is no dataset %1", path_of(location, name)));
  H5O_info_t about;
  checked(H5Oget_info_by_name(location, name, &about, H5P_DEFAULT));
  if (about.type != H5O_TYPE_DATASET) throw Failure(Message::tr("%1 is no dataset", path_of(location, name)));
  const Properties access(H5Pcreate(H5P_DATASET_ACCESS));
  if (!chunk_cache) checked(H5Pset_chunk_cache(access.get(), 0, 0, H5D_CHUNK_CACHE_W0_DEFAULT));
  Dataset dataset(H5Dopen2(location, name, access.get()));
  require_own_values(dataset.get(), path_of(location, name));
  return dataset;
}

std::vector<hsize_t> extents(hid_t dataset, const std::string& name, Content content, int rank) {
  const Type type(H5Dget_type(dataset));
  if (content == Content::real) require_real(type.get(), name);
  if (content == Content::integer) require_integer(type.get(), name);
  if (content == Content::text) require_fixed_text(type.get(), name, rank == 0 ? kMostTextBytes : kMostCellBytes);
  const Space space(H5Dget_space(dataset));
  std::vector<hsize_t> dims = dims_of(space.get(), name, 2);
  if (rank == 0) {
    if (!std::ranges::all_of(dims, [](hsize_t length) { return length == 1; }))
      throw Failure(Message::tr("%1 is not a single value", name));
    return {};
  }
  if (dims.size() != static_cast<std::size_t>(rank))
    throw Failure(Message::tr("%1 has %2 dimensions; %3 are needed", name, dims.size(), rank));
  return dims;
}

std::int64_t read_integer(hid_t dataset, const std::string& name) {
  extents(dataset, name, Content::integer, 0);
  std::int64_t value = 0;
  checked(H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
  return value;
}

double read_real(hid_t dataset, const std::string& name) {
  extents(dataset, name, Content::real, 0);
  double value = 0;
  checked(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
  return value;
}

std::string read_text(hid_t location, const char* name, hsize_t file_bytes) {
  const Dataset dataset = open_dataset(location, name);
  extents(dataset.get(), slashed(name), Content::text, 0);
  const Type type(H5Dget_type(dataset.get()));
  const std::size_t bytes = H5Tget_size(type.get());
  if (bytes > file_bytes)
    throw Failure(Message::tr("%1 declares %2 bytes, but the file holds %3", slashed(name), bytes, file_bytes));
  std::string text(bytes, '\0');
  checked(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()));
  text.resize(::strnlen(text.data(), bytes));
  return text;
}

std::vector<std::string> read_texts(hid_t group, const char* name, hsize_t most, hsize_t file_bytes) {
  const Dataset dataset = open_dataset(group, name);
  const std::string shown = path_of(group, name);
  const hsize_t count = extents(dataset.get(), shown, Content::text, 1)[0];
  const Type type(H5Dget_type(dataset.get()));
  const std::size_t bytes = H5Tget_size(type.get());
  if (count > most) throw Failure(Message::tr("%1 declares %2 names; at most %3 are read", shown, count, most));
  if (count > file_bytes / bytes)
    throw Failure(
        Message::tr("%1 declares %2 names of %3 bytes, but the file holds %4 bytes", shown, count, bytes, file_bytes));
  std::vector<std::string> texts;
  if (count == 0) return texts;
  std::vector<char> cells(count * bytes);
  checked(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()));
  texts.reserve(count);
  for (hsize_t i = 0; i < count; ++i) texts.push_back(until_zero(cells.data() + i * bytes, bytes));
  return texts;
}

void read_rows(hid_t dataset, const std::string& name, hid_t memory, int rank, hsize_t width, hsize_t first,
               hsize_t count, void* out, hsize_t apart) {
  const hsize_t start[2] = {first, 0}, extent[2] = {count, width}, stride[2] = {apart, 1};
  const Space space(H5Dget_space(dataset));
  const std::vector<hsize_t> dims = dims_of(space.get(), name, 2);
  // Asked again, since a file that is being written may change between a look and a read.
  if (dims.size() != static_cast<std::size_t>(rank) || dims[0] < first || dims[0] - first < span_of(count, apart) ||
      (rank == 2 && dims[1] != width))
    throw Failure(Message::tr("%1 is shorter than its table", name));
  const Space room(H5Screate_simple(rank, extent, nullptr));
  checked(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, stride, extent, nullptr));
  checked(H5Dread(dataset, memory, room.get(), space.get(), H5P_DEFAULT, out));
}

std::string read_text_attribute(hid_t object, const char* name) {
  constexpr std::size_t most = 256;
  const Attribute attribute(H5Aopen(object, name, H5P_DEFAULT));
  const Type type(H5Aget_type(attribute.get()));
  const Space space(H5Aget_space(attribute.get()));
  if (H5Tget_class(type.get()) != H5T_STRING || H5Sget_simple_extent_npoints(space.get()) != 1)
    throw Failure(Message::tr("the attribute %1 is not a single text", name));
  if (checked(H5Tis_variable_str(type.get())) > 0) {
    const Type memory(H5Tcopy(H5T_C_S1));
    checked(H5Tset_size(memory.get(), H5T_VARIABLE));
    checked(H5Tset_cset(memory.get(), H5Tget_cset(type.get())));
    char* text = nullptr;
    checked(H5Aread(attribute.get(), memory.get(), static_cast<void*>(&text)));
    std::string result = text ? until_zero(text, most) : "";
    checked(H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, static_cast<void*>(&text)));
    return result;
  }
  require_fixed_text(type.get(), std::string("the attribute ") + name, most);
  char text[most] = {};
  checked(H5Aread(attribute.get(), type.get(), text));
  return until_zero(text, H5Tget_size(type.get()));
}

std::int64_t read_integer_attribute(hid_t object, const char* name) {
  const Attribute attribute(H5Aopen(object, name, H5P_DEFAULT));
  const Type type(H5Aget_type(attribute.get()));
  const Space space(H5Aget_space(attribute.get()));
  require_integer(type.get(), std::string("the attribute ") + name);
  if (H5Sget_simple_extent_npoints(space.get()) != 1)
    throw Failure(Message::tr("the attribute %1 is not a single number", name));
  std::int64_t value = 0;
  checked(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value));
  return value;
}

}  // namespace bandscope::h5
