// SPDX-License-Identifier: GPL-3.0-or-later
// Export of a figure: which, how wide, how fine; the records are read and drawn off the window's thread.
#pragma once

#include <QDialog>
#include <QStringList>
#include <QThreadPool>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace bandscope::app {

class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  ExportDialog(const QStringList& records, const QString& figure, QWidget* parent = nullptr);
  ~ExportDialog() override;
  /// Writes the figure; the file's ending says the format.
  void write(const QString& file);

 Q_SIGNALS:
  void exported(const QString& file);

 private:
  void choose();

  QStringList records_;
  QComboBox *figure_, *preset_, *smoothing_;
  QDoubleSpinBox* width_;
  QSpinBox* dpi_;
  QLabel* problem_;
  QPushButton* save_;
  QThreadPool pool_;
};

}  // namespace bandscope::app
