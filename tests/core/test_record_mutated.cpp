// SPDX-License-Identifier: Apache-2.0
// Records changed at random, by bytes and by structure with checksums mended: never a signal, never an endless read.
// BANDSCOPE_MUTATIONS=N makes N of them (the slow test 10,000).
#include <hdf5.h>

#include <QElapsedTimer>
#include <QTest>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "core/error.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "core/run/summary.h"
#include "tests/core/record_rows.h"

using namespace bandscope;
using namespace record_rows;

// HDF5's own checksum of metadata, which its library exports without declaring it.
extern "C" std::uint32_t H5_checksum_metadata(const void* data, std::size_t bytes, std::uint32_t start);

namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

char interesting(Random& random) {
  constexpr unsigned char bytes[] = {0, 1, 2, 4, 8, 0x10, 0x40, 0x7f, 0x80, 0xfe, 0xff};
  return random() % 2 ? static_cast<char>(bytes[below(random, sizeof bytes)]) : static_cast<char>(random());
}

/// Bytes anywhere, a run of one value, or a cut.
std::string change_bytes(std::string file, Random& random) {
  const std::size_t kind = below(random, 8);
  if (kind == 0) {
    file.resize(below(random, file.size()));
    return file;
  }
  if (kind == 1) {
    const std::size_t at = below(random, file.size()),
                      length = std::min<std::size_t>(file.size() - at, 1 + below(random, 64));
    std::fill_n(file.begin() + std::ptrdiff_t(at), length, interesting(random));
    return file;
  }
  for (std::size_t i = 0; i < 1 + below(random, 16); ++i) file[below(random, file.size())] = interesting(random);
  return file;
}

std::uint64_t number_at(const std::string& file, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(file[at + i]);
  return value;
}

/// Begin and end (where the checksum lies) of what an object header of version 2 covers; 0, 0 where that is none.
std::pair<std::size_t, std::size_t> header_at(const std::string& file, std::size_t at) {
  if (at + 64 > file.size()) return {0, 0};
  const auto flags = static_cast<unsigned char>(file[at + 5]);
  std::size_t front = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const std::size_t width = std::size_t{1} << (flags & 3);
  const std::uint64_t bytes = number_at(file, front, width);
  front += width;
  if (bytes > file.size() || front + bytes + 4 > file.size()) return {0, 0};
  return {at, front + bytes};
}

void mend(std::string& file, std::size_t begin, std::size_t end) {
  const std::uint32_t sum = H5_checksum_metadata(file.data() + begin, end - begin, 0);
  for (std::size_t i = 0; i < 4; ++i) file[end + i] = static_cast<char>(sum >> (8 * i));
}

/// Changes inside an object header or the superblock, with the checksum made right again, so that the library goes on
/// to interpret them.
std::string change_structure(std::string file, Random& random) {
  std::vector<std::size_t> headers;
  for (std::size_t at = file.find("OHDR"); at != std::string::npos; at = file.find("OHDR", at + 1))
    headers.push_back(at);
  if (random() % 12 == 0 || headers.empty()) {
    file[9 + below(random, 35)] = interesting(random);
    mend(file, 0, 44);
    return file;
  }
  for (std::size_t i = 0; i < 1 + below(random, 3); ++i) {
    const auto [begin, end] = header_at(file, headers[below(random, headers.size())]);
    if (end <= begin + 6) continue;
    for (std::size_t j = 0; j < 1 + below(random, 3); ++j)
      file[begin + 6 + below(random, end - begin - 6)] = interesting(random);
    mend(file, begin, end);
  }
  return file;
}

}  // namespace

class TestRecordMutated : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void changed_records_are_read_or_refused() {
    const QTemporaryDir folder;
    const std::filesystem::path base = folder.path().toStdString();
    const auto path = base / "run.h5";
    write_record(path, 600);
    std::ifstream in(path, std::ios::binary);
    const std::string sound{std::istreambuf_iterator<char>(in), {}};
    const int wanted = qEnvironmentVariableIntValue("BANDSCOPE_MUTATIONS");
    const int count = wanted > 0 ? wanted : 200;
    int read = 0, refused = 0, crashes_of_library = 0, endless = 0;
    qint64 longest = 0;
    for (int i = 0; i < count; ++i) {
      Random random(static_cast<std::uint32_t>(i));
      const std::string changed = i % 2 ? change_structure(sound, random) : change_bytes(sound, random);
      std::ofstream(path, std::ios::binary | std::ios::trunc) << changed;
      QElapsedTimer timer;
      timer.start();
      try {
        const auto reader = RecordReader::open(path);
        to_json(summarize(reader), reader);
        reader.pair_rows();
        reader.layer_rows();
        ++read;
      } catch (const DataError& error) {
        const std::string message = error.what();
        QVERIFY2(message.find("run.h5") != std::string::npos, error.what());
        crashes_of_library += message.find("the HDF5 library fails on it") != std::string::npos;
        endless += message.find("does not come to an end") != std::string::npos;
        ++refused;
      }
      longest = std::max(longest, timer.elapsed());
    }
    qInfo(
        "%d changed records: %d read, %d refused; %d would have ended this process, %d would not have come to an end; "
        "the longest took %lld ms",
        count, read, refused, crashes_of_library, endless, static_cast<long long>(longest));
    QCOMPARE(read + refused, count);
    QVERIFY(read > 0 && refused > 0);
  }
};

QTEST_APPLESS_MAIN(TestRecordMutated)
#include "test_record_mutated.moc"
