// SPDX-License-Identifier: Apache-2.0
// Runs bandscope-engine as its users do: a process of its own, with spec, runs, cache and control sockets in a folder
// that goes with the test.
#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTemporaryDir>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/record/record_reader.h"

/// Fails with the text that `expression` gives, unless it is empty.
#define SAME(expression)                   \
  do {                                     \
    const std::string what = (expression); \
    QVERIFY2(what.empty(), what.c_str());  \
  } while (false)

namespace engine_test {

/// tests/fixtures/golden
QString golden(const QString& path);

/// A process that has ended.
struct Ended {
  int code = -1;  ///< -1: did not end in time or was killed by a signal
  QString out, error;
  /// What the user is told: the last line of stderr.
  QString message() const;
};

class EngineBox {
 public:
  EngineBox();
  QString path(const QString& name) const { return folder_.filePath(name); }
  std::filesystem::path file(const QString& name) const { return path(name).toStdString(); }
  /// Writes a file into the folder (parent folders are made) and returns its path.
  QString write(const QString& name, const QByteArray& content) const;
  /// A copy of a golden model under this name, for tests that spoil it.
  QString copy_model(const QString& model, const QString& name) const;
  /// A copy of a fixture's folder with the golden tokenizer beside it, under this name; the one that is there already,
  /// if any.
  QString fixture_model(const QString& fixture, const QString& name) const;
  /// A small spec for a golden model: float32 on the CPU, 4 pairs per step in micro-batches of 2, 10 steps, shuffled;
  /// `more` is appended. Returns the spec's path.
  QString spec(const QString& name, const QString& model = "tiny-llama-tied", const QString& more = "") const;

  /// Runs the engine to its end.
  Ended run(const QStringList& arguments, int timeout_ms = 500000) const;
  /// Trains a spec into `runs` (a name inside the folder) with --set for each of `sets`.
  Ended train(const QString& spec, const QString& runs, const QStringList& sets = {}) const;
  /// The same without waiting.
  std::unique_ptr<QProcess> start(const QString& spec, const QString& runs, const QStringList& sets = {}) const;
  /// "control RUN_DIR REQUEST…"
  Ended control(const QString& run_folder, const QStringList& request) const;

  QProcessEnvironment environment;

 private:
  QStringList arguments(const QString& spec, const QString& runs, const QStringList& sets) const;
  QTemporaryDir folder_;
};

/// All of a file that must be there, and a file written whole; the test ends where that fails.
QByteArray contents(const QString& path);
void put(const QString& path, const QByteArray& content);

/// A client of a live run's control socket. Every function gives nothing where there is no connection (any more).
class Connection {
 public:
  explicit Connection(const std::filesystem::path& run_folder);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  bool connected() const { return socket_ >= 0; }
  bool send(const QByteArray& bytes);
  QByteArray read_line();
  /// Sends a line and reads its answer.
  QJsonObject ask(const QByteArray& line);

 private:
  int socket_ = -1;
  QByteArray read_;
};

/// Waits until `done` says so; false when it does not within the time.
bool eventually(const std::function<bool()>& done, int timeout_ms = 300000);
/// Whole steps of a record that may not be there yet.
std::size_t steps_of(const std::filesystem::path& record);
/// Ended of a process that was started: waits for it.
Ended ended(QProcess& process, int timeout_ms = 500000);
/// True when an event of this kind has `part` in its message.
bool has_event(const bandscope::RecordReader& record, const std::string& kind, const std::string& part = "");

/// "" or the first difference of two records, bit by bit, but for wall-clock times and memory: steps, pairs, probe,
/// layers.
std::string difference(const std::filesystem::path& a, const std::filesystem::path& b);
/// "" or why the two files are not the same bytes.
std::string file_difference(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace engine_test

/// Checks exit code and parts of the last line of stderr. A macro, so that a failure is reported at the caller's line.
#define FAILS(end, expected_code, ...)                                                                \
  do {                                                                                                \
    const engine_test::Ended got = (end);                                                             \
    QVERIFY2(got.code == (expected_code), qPrintable(QString::number(got.code) + ": " + got.error));  \
    for (const QString& said : QStringList{__VA_ARGS__})                                              \
      QVERIFY2(got.message().contains(said), qPrintable("no \"" + said + "\" in: " + got.message())); \
    QVERIFY2(got.message().startsWith("bandscope-engine: "), qPrintable(got.message()));              \
    QVERIFY2(!got.error.contains("terminate called"), qPrintable(got.error));                         \
  } while (false)
