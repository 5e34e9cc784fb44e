// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_specs.h"

#include <QCoreApplication>
#include <QDir>

#include "app/base/input_file.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "core/record/record_reader.h"

namespace bandscope::app {
namespace {

struct SpecStrings {
  Q_DECLARE_TR_FUNCTIONS(RunSpecs)
};

}  // namespace

QString run_spec_text(const RunEntry& run) {
  const auto kept = file_bytes(QDir(run.folder()).filePath(QStringLiteral("spec.toml")), kMostSpecBytes);
  if (kept) return QString::fromUtf8(*kept);
  return QString::fromStdString(RecordReader::open(run.found.record.toStdString()).spec_toml());
}

RunSpec run_spec(const RunEntry& run, const QString& name, bool resume) {
  const auto specs =
      parse_run_specs(run_spec_text(run).toStdString(), run.found.record.toStdString(), run.folder().toStdString());
  if (specs.size() != 1) {
    throw RunError(plain_message(SpecStrings::tr("the spec of %1 is of %2 runs").arg(run.title()).arg(specs.size())));
  }
  RunSpec spec = specs.front();
  spec.run.name = name.toStdString();
  spec.run.resume = resume;
  return spec;
}

}  // namespace bandscope::app
