// SPDX-License-Identifier: Apache-2.0
#include "tests/training/engine_box.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QThread>
#include <algorithm>
#include <bit>

#include "core/error.h"
#include "core/record/run_folder.h"

namespace engine_test {

using namespace bandscope;

QString golden(const QString& path) { return QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/golden/") + path; }

QString Ended::message() const {
  const QStringList lines = error.trimmed().split('\n');
  return lines.isEmpty() ? QString() : lines.last();
}

EngineBox::EngineBox() : environment(QProcessEnvironment::systemEnvironment()) {
  environment.insert("XDG_CACHE_HOME", path("cache"));
  QDir().mkpath(path("runtime"));
  environment.insert("XDG_RUNTIME_DIR", path("runtime"));
  // Tiny models gain nothing from threads, and tests run beside other processes.
  environment.insert("OMP_NUM_THREADS", "1");
}

QByteArray contents(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) qFatal("%s cannot be read", qPrintable(path));
  return file.readAll();
}

void put(const QString& path, const QByteArray& content) {
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(content) != content.size())
    qFatal("%s cannot be written", qPrintable(path));
}

QString EngineBox::write(const QString& name, const QByteArray& content) const {
  const QString file = path(name);
  QDir().mkpath(QFileInfo(file).path());
  put(file, content);
  return file;
}

QString EngineBox::copy_model(const QString& model, const QString& name) const {
  const QDir source(golden("models/" + model));
  QDir().mkpath(path(name));
  for (const QString& file : source.entryList(QDir::Files)) {
    const QString copy = path(name) + "/" + file;
    QFile::remove(copy);
    if (!QFile::copy(source.filePath(file), copy)) qFatal("%s cannot be copied", qPrintable(file));
    QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
  }
  return path(name);
}

QString EngineBox::fixture_model(const QString& fixture, const QString& name) const {
  const QString folder = path("models/" + name);
  if (QFile::exists(folder + "/tokenizer.json")) return folder;
  QDir().mkpath(folder);
  QStringList files = {golden("models/tiny-neox/tokenizer.json"), golden("models/tiny-neox/tokenizer_config.json")};
  for (const QString& file : QDir(fixture).entryList(QDir::Files)) files << fixture + "/" + file;
  for (const QString& file : files) {
    const QString to = folder + "/" + QFileInfo(file).fileName();
    if (!QFile::copy(file, to)) qFatal("%s cannot be copied", qPrintable(file));
    QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner);
  }
  return folder;
}

QString EngineBox::spec(const QString& name, const QString& model, const QString& more) const {
  return write(name + ".toml",
               QString("[run]\nname = \"%1\"\nseed = 7\ndevice = \"cpu\"\n"
                       "[model]\npath = \"%2\"\n"
                       "[data]\ntrain = \"%3\"\nmax_length = 160\nmax_prompt_length = 96\n"
                       "[optimizer]\nlearning_rate = 1e-3\n"
                       "[training]\nbatch_size = 4\nmicro_batch = 2\nsteps = 10\n%4")
                   .arg(name, model.startsWith('/') ? model : golden("models/" + model), golden("pairs.jsonl"), more)
                   .toUtf8());
}

Ended ended(QProcess& process, int timeout_ms) {
  Ended result;
  if (process.state() != QProcess::NotRunning && !process.waitForFinished(timeout_ms)) {
    process.kill();
    process.waitForFinished();
    result.error = QString::fromUtf8(process.readAllStandardError()) + "\n(did not end in time)";
    return result;
  }
  result.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  result.out = QString::fromUtf8(process.readAllStandardOutput());
  result.error = QString::fromUtf8(process.readAllStandardError());
  return result;
}

Ended EngineBox::run(const QStringList& arguments, int timeout_ms) const {
  QProcess process;
  process.setProcessEnvironment(environment);
  process.start(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"), arguments);
  if (!process.waitForStarted()) qFatal("bandscope-engine cannot be started");
  return ended(process, timeout_ms);
}

QStringList EngineBox::arguments(const QString& spec, const QString& runs, const QStringList& sets) const {
  QStringList all = {spec, "--runs", runs.startsWith('/') ? runs : path(runs)};
  for (const QString& set : sets) all << "--set" << set;
  return all;
}

Ended EngineBox::train(const QString& spec, const QString& runs, const QStringList& sets) const {
  return run(arguments(spec, runs, sets));
}

std::unique_ptr<QProcess> EngineBox::start(const QString& spec, const QString& runs, const QStringList& sets) const {
  auto process = std::make_unique<QProcess>();
  process->setProcessEnvironment(environment);
  process->start(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"), arguments(spec, runs, sets));
  if (!process->waitForStarted()) qFatal("bandscope-engine cannot be started");
  return process;
}

Ended EngineBox::control(const QString& run_folder, const QStringList& request) const {
  return run(QStringList{"control", run_folder} + request);
}

Connection::Connection(const std::filesystem::path& run_folder) {
  const auto process = read_engine_process(run_folder);
  if (!process || process->socket.empty()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (process->socket.size() >= sizeof address.sun_path) return;
  std::copy(process->socket.begin(), process->socket.end(), address.sun_path);
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  ::close(socket_);
  socket_ = -1;
}

Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

bool Connection::send(const QByteArray& bytes) {
  return socket_ >= 0 &&
         ::send(socket_, bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL) == bytes.size();
}

QByteArray Connection::read_line() {
  char buffer[1024];
  while (!read_.contains('\n')) {
    const ssize_t n = socket_ >= 0 ? ::recv(socket_, buffer, sizeof buffer, 0) : -1;
    if (n <= 0) return {};
    read_.append(buffer, n);
  }
  const QByteArray line = read_.left(read_.indexOf('\n'));
  read_.remove(0, line.size() + 1);
  return line;
}

QJsonObject Connection::ask(const QByteArray& line) {
  return send(line + "\n") ? QJsonDocument::fromJson(read_line()).object() : QJsonObject();
}

bool eventually(const std::function<bool()>& done, int timeout_ms) {
  QElapsedTimer timer;
  timer.start();
  while (!done()) {
    if (timer.elapsed() > timeout_ms) return false;
    QThread::msleep(5);
  }
  return true;
}

std::size_t steps_of(const std::filesystem::path& record) {
  if (!std::filesystem::exists(record)) return 0;
  try {
    return RecordReader::open(record).steps();
  } catch (const DataError&) {
    return 0;  // being put in its place just now
  }
}

bool has_event(const RecordReader& record, const std::string& kind, const std::string& part) {
  for (const EventRow& event : record.event_rows())
    if (event.kind == kind && event.message.english().find(part) != std::string::npos) return true;
  return false;
}

namespace {

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return same(x, y); });
}

std::string pair_difference(const PairRow& a, const PairRow& b) {
  if (a.step == b.step && a.row == b.row && a.tokens_w == b.tokens_w && a.tokens_l == b.tokens_l &&
      same(a.z_w, b.z_w) && same(a.z_l, b.z_l) && same(a.z_w_ref, b.z_w_ref) && same(a.z_l_ref, b.z_l_ref) &&
      same(a.d_w, b.d_w) && same(a.d_l, b.d_l))
    return "";
  return "pairs differ at step " + std::to_string(a.step) + ", row " + std::to_string(a.row);
}

}  // namespace

std::string difference(const std::filesystem::path& first, const std::filesystem::path& second) {
  const RecordReader a = RecordReader::open(first), b = RecordReader::open(second);
  if (a.step_numbers() != b.step_numbers())
    return "steps differ: " + std::to_string(a.steps()) + " and " + std::to_string(b.steps());
  for (int i = 0; i < column_count; ++i) {
    const auto column = static_cast<Column>(i);
    if (column == Column::time || column == Column::seconds || column == Column::memory) continue;
    const auto x = a.column(column), y = b.column(column);
    for (std::size_t row = 0; row < x.size(); ++row)
      if (!same(x[row], y[row]))
        return std::string(column_names[static_cast<std::size_t>(i)]) + " differs at step " +
               std::to_string(a.step_numbers()[row]) + ": " + std::to_string(x[row]) + " and " +
               std::to_string(y[row]) + " (by " + std::to_string(x[row] - y[row]) + ")";
  }
  const auto pairs_a = a.pair_rows(), pairs_b = b.pair_rows();
  if (pairs_a.size() != pairs_b.size()) return "numbers of pairs differ";
  for (std::size_t i = 0; i < pairs_a.size(); ++i)
    if (const std::string what = pair_difference(pairs_a[i], pairs_b[i]); !what.empty()) return what;
  const auto probe_a = a.probe_rows(), probe_b = b.probe_rows();
  if (probe_a.size() != probe_b.size())
    return "numbers of probe rows differ: " + std::to_string(probe_a.size()) + " and " + std::to_string(probe_b.size());
  for (std::size_t i = 0; i < probe_a.size(); ++i)
    if (probe_a[i].step != probe_b[i].step || !same(probe_a[i].z_w, probe_b[i].z_w) ||
        !same(probe_a[i].z_l, probe_b[i].z_l) || !same(probe_a[i].margin, probe_b[i].margin) ||
        !same(probe_a[i].accuracy, probe_b[i].accuracy))
      return "probe differs at step " + std::to_string(probe_a[i].step);
  const auto layers_a = a.layer_rows(), layers_b = b.layer_rows();
  if (layers_a.size() != layers_b.size()) return "numbers of layer rows differ";
  for (std::size_t i = 0; i < layers_a.size(); ++i)
    if (layers_a[i].step != layers_b[i].step || !same(layers_a[i].score_norm_w, layers_b[i].score_norm_w) ||
        !same(layers_a[i].score_norm_l, layers_b[i].score_norm_l) ||
        !same(layers_a[i].score_dot, layers_b[i].score_dot))
      return "layers differ at step " + std::to_string(layers_a[i].step);
  return "";
}

std::string file_difference(const std::filesystem::path& a, const std::filesystem::path& b) {
  QFile first(QString::fromStdString(a.string())), second(QString::fromStdString(b.string()));
  if (!first.open(QIODevice::ReadOnly)) return a.string() + " cannot be read";
  if (!second.open(QIODevice::ReadOnly)) return b.string() + " cannot be read";
  return first.readAll() == second.readAll() ? "" : a.string() + " and " + b.string() + " differ";
}

}  // namespace engine_test
