// SPDX-License-Identifier: Apache-2.0
// The one way from a record's file to memory. A record may come from anybody, so everything that HDF5 takes from the
// file (kinds of links, layouts, types, ranks, extents, sizes) is checked before a byte is read into anything.
// For the sources of core/record only; everything throws Failure, whose text names the object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/hdf5_handle.h"

namespace bandscope::h5 {

/// Most bytes of one text (/spec, /environment), of one cell and of one chunk.
inline constexpr hsize_t kMostTextBytes = 64 << 20;
inline constexpr hsize_t kMostCellBytes = 4096;
inline constexpr hsize_t kMostChunkBytes = 64 << 20;

/// What the cells of a dataset hold. Integers of 1 to 8 bytes and floats of 4 or 8 (IEEE), of either byte order; texts
/// of fixed length.
enum class Content { integer, real, text };

/// True when `location` has a link of that name (one name, no path). Failure for a link that leads out of the record:
/// soft and external ones can name other files, and a FIFO there would hang the reader.
bool has(hid_t location, const char* name);

Group open_group(hid_t location, const char* name);

/// Opens a dataset whose values lie in this file: no external raw files, no virtual datasets, no compression (a chunk
/// could unpack to any size), chunks of at most kMostChunkBytes. `chunk_cache`: false reads straight from the file.
Dataset open_dataset(hid_t location, const char* name, bool chunk_cache = true);

/// The extents of a dataset that holds `content`; Failure where class, size of a cell or rank differ. `rank` dimensions
/// (0: a scalar or a single element).
std::vector<hsize_t> extents(hid_t dataset, const std::string& name, Content content, int rank);

std::int64_t read_integer(hid_t dataset, const std::string& name);
double read_real(hid_t dataset, const std::string& name);
/// A single text of at most kMostTextBytes and of no more than `file_bytes` bytes; up to its first zero.
std::string read_text(hid_t location, const char* name, hsize_t file_bytes);
/// A vector of texts; at most `most` of them and no more than `file_bytes` bytes together.
std::vector<std::string> read_texts(hid_t group, const char* name, hsize_t most, hsize_t file_bytes);

/// Rows from the first to the last of `count` rows of which each is `apart` from the next; count and apart are above 0.
constexpr hsize_t span_of(hsize_t count, hsize_t apart) { return (count - 1) * apart + 1; }
/// `count` rows first, first + apart, … of a dataset of `rank` 1 or 2 with `width` columns, which `out` has room for,
/// as `memory` type. Content and rank are those checked by extents().
void read_rows(hid_t dataset, const std::string& name, hid_t memory, int rank, hsize_t width, hsize_t first,
               hsize_t count, void* out, hsize_t apart = 1);

/// A root attribute: one text of at most 256 bytes, of fixed or variable length (h5py writes the latter); one integer.
std::string read_text_attribute(hid_t object, const char* name);
std::int64_t read_integer_attribute(hid_t object, const char* name);

}  // namespace bandscope::h5
