// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says about a run: star, tags, note. Kept beside the record, so that they travel with its folder.
#pragma once

#include <QString>
#include <QStringList>

namespace bandscope::app {

struct RunLabels {
  bool starred = false;
  QStringList tags;  ///< sorted, none twice
  QString note;
  bool operator==(const RunLabels&) const = default;
  bool empty() const { return !starred && tags.isEmpty() && note.isEmpty(); }
};

/// `labels.json` in the run's folder; for a record that is not called run.h5, `NAME.labels.json` beside it.
QString labels_file(const QString& record);
/// Labels of a record; none where there is no file. Throws an Error naming the file when it cannot be understood.
RunLabels read_labels(const QString& record);
/// Writes the file whole or not at all (keys of others in it stay); without labels it is taken away. Throws an Error.
void write_labels(const QString& record, const RunLabels& labels);

/// `held` after a change from `before` to `after`: what the change left alone stays, and so does a note that is another
/// one by now.
RunLabels changed_labels(RunLabels held, const RunLabels& before, const RunLabels& after);

/// A tag as it is kept: without blanks at its ends, blanks inside as one; empty when nothing is left or it has a comma.
QString clean_tag(const QString& text);
/// "baseline, for the paper" as clean tags, sorted.
QStringList tags_from(const QString& text);

}  // namespace bandscope::app
