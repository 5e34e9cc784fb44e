// SPDX-License-Identifier: GPL-3.0-or-later
// What was found in the data, in a few lines, with an example.
#pragma once

#include <QWidget>

#include "app/launch/data_summary.h"

class QLabel;

namespace bandscope::app {

class PairExample;

class DataPanel : public QWidget {
  Q_OBJECT

 public:
  /// `example`: with a pair to look at.
  explicit DataPanel(bool example, QWidget* parent = nullptr);

  void show(const DataSummary& look);
  /// Something to know of this data beside other data; empty: nothing.
  void setConcern(const Message& concern);
  const Message& concern() const { return concern_; }
  QString problem() const;  ///< why the data cannot be used
  QString facts() const;
  QString concerns() const;
  PairExample* example() const { return example_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void render();

  DataSummary look_;
  Message concern_;
  QLabel *problem_, *facts_, *concerns_;
  PairExample* example_ = nullptr;
};

/// "Anthropic-HH · 2,312 pairs · 3 rows skipped" and the lengths below it, one fact a line.
QStringList data_facts(const DataSummary& look);
/// What a person would want to know before training on it: skipped rows, equal responses, pairs cut.
QStringList data_concerns(const DataSummary& look);

}  // namespace bandscope::app
