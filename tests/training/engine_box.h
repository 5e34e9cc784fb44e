// SPDX-License-Identifier: Apache-2.0
// Runs bandscope-engine as its users do: a process of its own, with spec, runs, cache and control sockets in a folder that
// goes with the test.
#pragma once

#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTemporaryDir>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/record/record_reader.h"

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
  /// A small spec for a golden model: float32 on the CPU, 4 pairs per step in micro-batches of 2, 10 steps, shuffled; `more` is
  /// appended. Returns the spec's path.
  QString spec(const QString& name, const QString& model = "tiny-llama-tied", const QString& more = "") const;

  /// Runs the engine to its end.
  Ended run(const QStringList& arguments, int timeout_ms = 100000) const;
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

/// Waits until `done` says so; false when it does not within the time.
bool eventually(const std::function<bool()>& done, int timeout_ms = 60000);
/// Whole steps of a record that may not be there yet.
std::size_t steps_of(const std::filesystem::path& record);
/// Ended of a process that was started: waits for it.
Ended ended(QProcess& process, int timeout_ms = 100000);
/// True when an event of this kind has `part` in its message.
bool has_event(const bandscope::RecordReader& record, const std::string& kind, const std::string& part = "");

/// "" or the first difference of two records, bit by bit, but for wall-clock times and memory: steps, pairs, probe, layers.
std::string difference(const std::filesystem::path& a, const std::filesystem::path& b);
/// "" or why the two files are not the same bytes.
std::string file_difference(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace engine_test
