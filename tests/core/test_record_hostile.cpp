// SPDX-License-Identifier: Apache-2.0
// Records that somebody made to hurt: every one is answered with a sentence that names the object.
#include <hdf5.h>
#include <sys/stat.h>

#include <QTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "core/error.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "tests/core/record_rows.h"

using namespace bandscope;
using namespace record_rows;

namespace {

/// What is done to a sound record, and a part of the answer.
struct Case {
  const char* name;
  std::function<void(hid_t)> change;
  const char* answer;
};

hid_t space_of(const std::vector<hsize_t>& dims) {
  return dims.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(int(dims.size()), dims.data(), nullptr);
}

/// Puts an empty dataset in the place of another.
void replace(hid_t file, const char* path, hid_t type, const std::vector<hsize_t>& dims, hid_t creation = H5P_DEFAULT) {
  H5Ldelete(file, path, H5P_DEFAULT);
  const hid_t space = space_of(dims);
  H5Dclose(H5Dcreate2(file, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  H5Sclose(space);
}

hid_t text_type(std::size_t bytes) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, bytes);
  return type;
}

hid_t chunked(const std::vector<hsize_t>& chunk) {
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(creation, int(chunk.size()), chunk.data());
  return creation;
}

hid_t external_raw() {
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(creation, "fifo", 0, 64);
  return creation;
}

hid_t compressed() {
  const hid_t creation = chunked({20});
  H5Pset_deflate(creation, 6);
  return creation;
}

void make_virtual(hid_t file, const char* path) {
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  const hid_t space = space_of({20});
  H5Pset_virtual(creation, space, "fifo", "/x", space);
  replace(file, path, H5T_NATIVE_DOUBLE, {20}, creation);
}

void grow(hid_t file, const char* path, hsize_t rows) {
  const hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
  H5Dset_extent(dataset, &rows);
  H5Dclose(dataset);
}

void replace_attribute(hid_t file, const char* name, hid_t type, const std::vector<hsize_t>& dims) {
  H5Adelete(file, name);
  const hid_t space = space_of(dims);
  const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  const std::vector<char> nothing(1 << 16);
  H5Awrite(attribute, type, nothing.data());
  H5Aclose(attribute);
}

std::vector<Case> cases() {
  const auto soft = [](hid_t file, const char* path) {
    H5Ldelete(file, path, H5P_DEFAULT);
    H5Lcreate_soft("/environment", file, path, H5P_DEFAULT, H5P_DEFAULT);
  };
  const auto external = [](hid_t file, const char* path) {
    H5Ldelete(file, path, H5P_DEFAULT);
    H5Lcreate_external("fifo", "/x", file, path, H5P_DEFAULT, H5P_DEFAULT);
  };
  return {
      {"state of 100", [](hid_t f) { replace(f, "/status/state", H5T_NATIVE_INT64, {100}); },
       "/status/state is not a single value"},
      {"state of none", [](hid_t f) { replace(f, "/status/state", H5T_NATIVE_INT64, {0}); },
       "/status/state is not a single value"},
      {"state 3-d",
       [](hid_t f) {
         replace(f, "/status/state", H5T_NATIVE_INT64, {1, 1, 1});
       },
       "/status/state has 3 dimensions"},
      {"state real", [](hid_t f) { replace(f, "/status/state", H5T_NATIVE_DOUBLE, {}); },
       "/status/state holds no whole numbers"},
      {"state text", [](hid_t f) { replace(f, "/status/state", text_type(4000), {}); },
       "/status/state holds no whole numbers"},
      {"heartbeat of 20000", [](hid_t f) { replace(f, "/status/heartbeat", H5T_NATIVE_DOUBLE, {20000}); },
       "/status/heartbeat is not a single value"},
      {"heartbeat long double", [](hid_t f) { replace(f, "/status/heartbeat", H5T_NATIVE_LDOUBLE, {}); },
       "/status/heartbeat holds no numbers"},
      {"version of 100", [](hid_t f) { replace_attribute(f, "format_version", H5T_NATIVE_INT64, {100}); },
       "the attribute format_version is not a single number"},
      {"version text", [](hid_t f) { replace_attribute(f, "format_version", text_type(300), {}); },
       "the attribute format_version holds no whole numbers"},
      {"format of 9", [](hid_t f) { replace_attribute(f, "format", text_type(8), {9}); }, "is not \"bandscope-run\""},
      {"format long", [](hid_t f) { replace_attribute(f, "format", text_type(5000), {}); }, "is not \"bandscope-run\""},
      {"spec soft link", [=](hid_t f) { soft(f, "/spec"); }, "/spec is a link to another place"},
      {"spec external link", [=](hid_t f) { external(f, "/spec"); }, "/spec is a link to another place"},
      {"steps external link", [=](hid_t f) { external(f, "/steps"); }, "/steps is a link to another place"},
      {"column external link", [=](hid_t f) { external(f, "/steps/z_w"); }, "/steps/z_w is a link to another place"},
      {"names soft link", [=](hid_t f) { soft(f, "/layers/names"); }, "/layers/names is a link to another place"},
      {"status external link", [=](hid_t f) { external(f, "/status"); }, "/status is a link to another place"},
      {"column external raw", [](hid_t f) { replace(f, "/steps/z_w", H5T_NATIVE_DOUBLE, {8}, external_raw()); },
       "/steps/z_w keeps its values in other files"},
      {"column virtual", [](hid_t f) { make_virtual(f, "/steps/z_w"); }, "/steps/z_w is a view of other datasets"},
      {"column compressed", [](hid_t f) { replace(f, "/steps/z_w", H5T_NATIVE_DOUBLE, {20}, compressed()); },
       "/steps/z_w is compressed"},
      {"column huge chunk", [](hid_t f) { replace(f, "/steps/z_w", H5T_NATIVE_DOUBLE, {1 << 28}, chunked({1 << 28})); },
       "/steps/z_w has chunks of more than 64 MiB"},
      {"column text", [](hid_t f) { replace(f, "/steps/z_w", text_type(64), {20}); }, "/steps/z_w holds no numbers"},
      {"column 2-d",
       [](hid_t f) {
         replace(f, "/steps/z_w", H5T_NATIVE_DOUBLE, {20, 2});
       },
       "/steps/z_w has 2 dimensions; 1 are needed"},
      {"column scalar", [](hid_t f) { replace(f, "/steps/z_w", H5T_NATIVE_DOUBLE, {}); },
       "/steps/z_w has 0 dimensions; 1 are needed"},
      {"column short", [](hid_t f) { replace(f, "/steps/z_w", H5T_NATIVE_DOUBLE, {3}); },
       "/steps/z_w is shorter than its table"},
      {"step real", [](hid_t f) { replace(f, "/steps/step", H5T_NATIVE_DOUBLE, {20}); },
       "/steps/step holds no whole numbers"},
      {"column is a group",
       [](hid_t f) {
         H5Ldelete(f, "/steps/z_w", H5P_DEFAULT);
         H5Gclose(H5Gcreate2(f, "/steps/z_w", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
       },
       "/steps/z_w is no dataset"},
      {"steps is a dataset", [](hid_t f) { replace(f, "/steps", H5T_NATIVE_INT64, {20}); }, "/steps is no group"},
      {"messages of 1 GB", [](hid_t f) { replace(f, "/events/message", text_type(1 << 30), {2}); },
       "/events/message declares texts of 1073741824 bytes"},
      {"layers of another width",
       [](hid_t f) {
         replace(f, "/layers/score_dot", H5T_NATIVE_DOUBLE, {20, 3});
       },
       "/layers/score_dot has 3 columns; 2 are named"},
      {"environment of 2 GB", [](hid_t f) { replace(f, "/environment", text_type(2'000'000'000), {}); },
       "/environment declares texts of 2000000000 bytes"},
      {"environment larger than the file", [](hid_t f) { replace(f, "/environment", text_type(60 << 20), {}); },
       "/environment declares 62914560 bytes, but the file holds"},
      {"names that wrap to 0 bytes",
       [](hid_t f) { replace(f, "/layers/names", text_type(1 << 24), {hsize_t{1} << 40}, chunked({1})); },
       "/layers/names declares texts of 16777216 bytes"},
      {"a thousand million names",
       [](hid_t f) { replace(f, "/layers/names", text_type(16), {1'000'000'000}, chunked({1})); },
       "/layers/names declares 1000000000 names"},
      {"a hundred million steps", [](hid_t f) { grow(f, "/steps/step", 100'000'000); },
       "it declares 100,000,000 steps"},
      {"steps beyond 2^61", [](hid_t f) { grow(f, "/steps/step", hsize_t{1} << 62); }, "it declares 4,611,686"},
      {"a hundred million pairs", [](hid_t f) { grow(f, "/pairs/step", 100'000'000); }, "100,000,000 pairs"},
  };
}

/// Everything that views and commands ask for.
void read_all(const RecordReader& reader) {
  reader.spec_toml();
  reader.environment_json();
  reader.layer_names();
  for (int column = 0; column < column_count; ++column) reader.column(static_cast<Column>(column));
  reader.pair_rows();
  reader.layer_rows();
  reader.probe_rows();
  reader.event_rows();
}

}  // namespace

class TestRecordHostile : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path base_;

 private Q_SLOTS:
  void initTestCase() {
    base_ = folder_.path().toStdString();
    QVERIFY(::mkfifo((base_ / "fifo").c_str(), 0600) == 0);
    write_record(base_ / "sound.h5", 20);
    read_all(RecordReader::open(base_ / "sound.h5"));
  }

  void a_crafted_object_is_named_data() {
    QTest::addColumn<int>("index");
    const auto all = cases();
    for (std::size_t i = 0; i < all.size(); ++i) QTest::newRow(all[i].name) << int(i);
  }
  void a_crafted_object_is_named() {
    QFETCH(int, index);
    const Case what = cases()[std::size_t(index)];
    const auto path = base_ / ("case" + std::to_string(index) + ".h5");
    std::filesystem::copy_file(base_ / "sound.h5", path, std::filesystem::copy_options::overwrite_existing);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    QVERIFY(file >= 0);
    what.change(file);
    QVERIFY(H5Fclose(file) >= 0);
    // In this process as well: the look beforehand is a second wall, not the first.
    for (const auto open : {&RecordReader::open_unexamined, &RecordReader::open}) {
      try {
        read_all(open(path));
        QFAIL("the record was read");
      } catch (const DataError& error) {
        const std::string message = error.what();
        QVERIFY2(message.starts_with("cannot read " + path.string() + ": ") || message.starts_with(path.string()),
                 error.what());
        QVERIFY2(message.find(what.answer) != std::string::npos, error.what());
      }
    }
  }

  /// h5py writes texts of variable length; such records are read all the same.
  void a_format_of_variable_length_is_read() {
    const auto path = base_ / "variable.h5";
    std::filesystem::copy_file(base_ / "sound.h5", path);
    make_format_variable(path);
    QCOMPARE(RecordReader::open(path).steps(), 20u);
  }

  /// Their heap has no checksum, and HDF5 1.10 follows its sizes out of memory.
  void a_ruined_heap_is_survived() {
    const auto path = base_ / "heap.h5";
    std::filesystem::copy_file(base_ / "sound.h5", path);
    make_format_variable(path);
    std::ifstream in(path, std::ios::binary);
    const std::string sound{std::istreambuf_iterator<char>(in), {}};
    const std::size_t heap = sound.find("GCOL");
    QVERIFY(heap != std::string::npos);
    for (std::size_t at = heap + 8; at < heap + 40; at += 3) {
      for (const char byte : {'\xff', '\x01'}) {
        std::string ruined = sound;
        ruined[at] = byte;
        std::ofstream(path, std::ios::binary | std::ios::trunc) << ruined;
        try {
          read_all(RecordReader::open(path));
        } catch (const DataError&) {
        }
      }
    }
  }

  void own_records_have_no_heap() {
    std::ifstream in(base_ / "sound.h5", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    QVERIFY(bytes.find("GCOL") == std::string::npos);
  }

  /// HDF5 has no checksum over values; the record's own tells which steps to doubt.
  void a_changed_value_is_noted() {
    const auto path = base_ / "flipped.h5";
    std::filesystem::copy_file(base_ / "sound.h5", path);
    QCOMPARE(RecordReader::open(path).note().english(), std::string());
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "/steps/z_w", H5P_DEFAULT);
    std::vector<double> values(20);
    H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    // The lowest bit, of the second and the last step.
    for (const std::size_t row : {std::size_t{1}, std::size_t{19}}) values[row] = std::nextafter(values[row], 1e9);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(dataset);
    QVERIFY(H5Fclose(file) >= 0);
    const auto reader = RecordReader::open(path);
    QCOMPARE(reader.changed_steps(), (std::vector<std::int64_t>{2, 20}));
    QCOMPARE(reader.note().english(),
             std::string("the values of 2 steps are not those that were written, first at step 2"));
    // Records without checksums are read as they are.
    const auto plain = base_ / "plain.h5";
    std::filesystem::copy_file(path, plain);
    const hid_t stripped = H5Fopen(plain.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(stripped, "/steps/checksum", H5P_DEFAULT);
    QVERIFY(H5Fclose(stripped) >= 0);
    QCOMPARE(RecordReader::open(plain).note().english(), std::string());
  }

  void a_special_file_is_no_record() {
    for (const auto& path : {base_ / "fifo", std::filesystem::path("/dev/zero"), base_}) {
      try {
        RecordReader::open(path);
        QFAIL("it was read");
      } catch (const DataError& error) {
        QVERIFY2(std::string(error.what()).find(", not a file") != std::string::npos, error.what());
      }
    }
  }

  /// A verdict holds for the file as it was.
  void a_file_that_changes_is_looked_at_again() {
    const auto path = base_ / "changing.h5";
    std::ofstream(path) << "no record";
    QVERIFY_EXCEPTION_THROWN(RecordReader::open(path), DataError);
    std::filesystem::copy_file(base_ / "sound.h5", path, std::filesystem::copy_options::overwrite_existing);
    QCOMPARE(RecordReader::open(path).steps(), 20u);
  }

 private:
  static void make_format_variable(const std::filesystem::path& path) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    QVERIFY(file >= 0);
    H5Adelete(file, "format");
    const hid_t type = text_type(H5T_VARIABLE), space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(file, "format", type, space, H5P_DEFAULT, H5P_DEFAULT);
    const char* text = "bandscope-run";
    H5Awrite(attribute, type, &text);
    H5Aclose(attribute);
    H5Sclose(space);
    QVERIFY(H5Fclose(file) >= 0);
  }
};

QTEST_APPLESS_MAIN(TestRecordHostile)
#include "test_record_hostile.moc"
