// SPDX-License-Identifier: GPL-3.0-or-later
// The Layers tab: per-layer scores over the steps as a heat map, when the run recorded them.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QStackedWidget;

namespace bandscope::app {

class LayerMap;

class LayersTab : public QWidget {
  Q_OBJECT

 public:
  explicit LayersTab(QWidget* parent = nullptr);
  ~LayersTab() override;
  void setRecords(const QStringList& records, const QStringList& names);
  void setCursor(std::optional<double> step);
  /// The records have new rows.
  void refresh();

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void translate();
  void read();

  QComboBox *choice_, *quantity_;
  QLabel *why_, *scale_;
  QStackedWidget* stack_;
  LayerMap* map_;
  QThreadPool pool_;
  QString shown_;
  bool busy_ = false, stale_ = true;
};

}  // namespace bandscope::app
