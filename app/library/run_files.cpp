// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_files.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <algorithm>

#include "app/base/input_file.h"
#include "app/language/translated.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/error.h"
#include "core/record/run_folder.h"
#include "core/spec/key_rules.h"

namespace bandscope::app {
namespace {

struct FileStrings {
  Q_DECLARE_TR_FUNCTIONS(RunFiles)
};

[[noreturn]] void refuse(const QString& why) { throw RunError(plain_message(why)); }

bool owns_folder(const FoundRecord& run) { return QFileInfo(run.record).fileName() == QLatin1String("run.h5"); }

void move(const QString& from, const QString& to) {
  // QFile::rename copies across file systems and refuses folders there; a sibling is always on the same one.
  if (!QDir().rename(from, to)) refuse(FileStrings::tr("%1 cannot be renamed to %2").arg(from, to));
}

/// run.name in the folder's spec.toml. A run without one, or with one that cannot be written, is renamed all the same.
void rename_in_spec(const QString& folder, const QString& name) {
  const QString path = QDir(folder).filePath(QStringLiteral("spec.toml"));
  if (QFileInfo(path).isSymLink()) return;  // another place's file
  const auto text = file_bytes(path, kMostSpecBytes);
  if (!text) return;
  SpecText spec(QString::fromUtf8(*text));
  spec.set(QStringLiteral("run.name"), toml_quoted(name));
  QSaveFile out(path);
  if (out.open(QIODevice::WriteOnly) && out.write(spec.text().toUtf8()) >= 0) out.commit();
}

/// What is the run's own in a folder that holds other runs: everything but the folders that they lie in.
QStringList own_parts(const QString& folder, const QStringList& others) {
  QStringList parts;
  const auto all = QDir(folder).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
  for (const auto& entry : all) {
    const QString path = entry.absoluteFilePath();
    const bool holds = std::any_of(others.begin(), others.end(), [&](const QString& other) {
      return other == path || other.startsWith(path + QLatin1Char('/'));
    });
    // Specs and logs of the engines that were started in it belong to the runs that lie in it.
    const bool theirs = entry.fileName() == QLatin1String(".specs") || entry.fileName() == QLatin1String(".logs");
    if (!holds && !theirs) parts << path;
  }
  return parts;
}

/// The trash's own note about where a file came from goes with the file.
void forget_in_trash(const QString& in_trash) {
  const QFileInfo info(in_trash);
  const QDir files = info.absoluteDir();
  QFile::remove(QFileInfo(files.absolutePath()).absolutePath() + QStringLiteral("/info/") + info.fileName() +
                QStringLiteral(".trashinfo"));
}

}  // namespace

QStringList runs_inside(const FoundRecord& run) {
  QStringList folders;
  if (!owns_folder(run)) return folders;
  for (const auto& folder : bandscope::runs_inside(QFileInfo(run.record).absolutePath().toStdString())) {
    folders << QString::fromStdString(folder.string());
  }
  return folders;
}

QString why_fixed(const RunEntry& entry) {
  // A run with a record waits only where it is to go on.
  if (entry.queued || (entry.read && entry.state == ShownState::waiting))
    return FileStrings::tr("%1 waits in the queue; take it out there").arg(entry.title());
  // What its server has said of it last; the server looks again before it moves anything.
  if (entry.elsewhere())
    return entry.live() ? FileStrings::tr("%1 is running; stop it first").arg(entry.title()) : QString();
  // As it is now, not as it was at the last look. That the engine lives is not enough: it may be at the sweep's next
  // run.
  const auto now = read_entry(entry.found);
  if (!now->live()) return {};
  const auto process = read_engine_process(entry.folder().toStdString());
  if (process && !alive(*process)) {
    return FileStrings::tr("%1 goes on at %2, as far as its record says")
        .arg(entry.title(), QString::fromStdString(process->host));
  }
  if (!now->error.empty() && !(process && alive(*process).value_or(false))) return {};
  return FileStrings::tr("%1 is running; stop it first").arg(entry.title());
}

void check_run_name(const QString& name) {
  const auto* rule = find_rule("run.name");
  RunSpec spec;
  SpecValue value;
  value.data = name.toStdString();
  if (rule && !rule->read(spec, value, {})) {
    refuse(FileStrings::tr("“%1” cannot be a run's name; it must be %2").arg(name, translated(rule->key.allowed)));
  }
}

FoundRecord rename_run(const FoundRecord& run, const QString& name) {
  check_run_name(name);
  FoundRecord now = run;
  now.name = name;
  if (owns_folder(run)) {
    const QString from = QFileInfo(run.record).absolutePath();
    const QString to = QFileInfo(from).absolutePath() + QLatin1Char('/') + name;
    if (const auto others = runs_inside(run); !others.isEmpty()) {
      refuse(FileStrings::tr("%1 holds other runs (%2), whose paths would change")
                 .arg(from, QFileInfo(others.front()).fileName()));
    }
    if (QFileInfo::exists(to))
      refuse(FileStrings::tr("there is a %1 in %2 already").arg(name, QFileInfo(from).absolutePath()));
    move(from, to);
    rename_in_spec(to, name);
    now.record = to + QStringLiteral("/run.h5");
    return now;
  }
  const QFileInfo file(run.record);
  const QString suffix = file.suffix().isEmpty() ? QString() : QLatin1Char('.') + file.suffix();
  now.record = file.absolutePath() + QLatin1Char('/') + name + suffix;
  const QString labels = labels_file(run.record), labels_now = labels_file(now.record);
  for (const auto& path : {now.record, labels_now}) {
    if (QFileInfo::exists(path)) refuse(FileStrings::tr("there is a file %1 already").arg(path));
  }
  move(run.record, now.record);
  if (QFileInfo::exists(labels)) {
    try {
      move(labels, labels_now);
    } catch (const RunError&) {
      move(now.record, run.record);
      throw;
    }
  }
  return now;
}

std::vector<Trashed> trash_run(const FoundRecord& run) {
  QStringList paths;
  if (owns_folder(run)) {
    const QString folder = QFileInfo(run.record).absolutePath();
    const QStringList others = runs_inside(run);
    paths = others.isEmpty() ? QStringList(folder) : own_parts(folder, others);
  } else {
    paths << run.record;
    if (QFileInfo::exists(labels_file(run.record))) paths << labels_file(run.record);
  }
  std::vector<Trashed> done;
  for (const auto& path : paths) {
    QFile file(path);
    if (!file.moveToTrash()) {
      const QString why = file.errorString();
      restore_run(done);
      refuse(FileStrings::tr("%1 cannot be moved to the trash: %2").arg(path, why));
    }
    const QString place = file.fileName();
    done.push_back({path, place == path ? QString() : place});
  }
  return done;
}

void restore_run(const std::vector<Trashed>& trashed) {
  for (const auto& item : trashed) {
    if (item.in_trash.isEmpty()) {
      refuse(FileStrings::tr("the trash does not say where %1 lies; take it out by hand").arg(item.path));
    }
    if (!QFileInfo::exists(item.in_trash)) refuse(FileStrings::tr("%1 is not in the trash any more").arg(item.path));
    if (QFileInfo::exists(item.path)) refuse(FileStrings::tr("there is a %1 again").arg(item.path));
  }
  // Of a run and the folder that it lay in the folder went last.
  for (auto item = trashed.rbegin(); item != trashed.rend(); ++item) {
    move(item->in_trash, item->path);
    forget_in_trash(item->in_trash);
  }
}

}  // namespace bandscope::app
