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
class RunChoice;

class LayersTab : public QWidget {
  Q_OBJECT

 public:
  explicit LayersTab(QWidget* parent = nullptr);
  ~LayersTab() override;
  void setRecords(const QStringList& records, const QStringList& names);
  void setCursor(std::optional<double> step);
  /// The records have new rows.
  void refresh();
  RunChoice* choice() const { return choice_; }
  /// Index of the shown quantity, of LayerMap::Quantity.
  int quantity() const;
  void setQuantity(int quantity);

 Q_SIGNALS:
  /// Another run or quantity was chosen.
  void viewChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void translate();
  void read();

  RunChoice* choice_;
  QComboBox* quantity_;
  QLabel* why_;
  QStackedWidget* stack_;
  LayerMap* map_;
  QThreadPool pool_;
  QString shown_;
  bool busy_ = false, stale_ = true;
};

}  // namespace bandscope::app
