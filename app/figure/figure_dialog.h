// SPDX-License-Identifier: GPL-3.0-or-later
// The figure dialog: what is drawn, how wide and how fine, with the picture beside it; written, saved as a template,
// or loaded from one.
#pragma once

#include <QDialog>
#include <QStringList>
#include <QTimer>

#include "viz/chart/view_settings.h"
#include "viz/draw/panel_layout.h"
#include "viz/figure/figure_template.h"

class QLabel;
class QPushButton;

namespace bandscope::app {

class FigureForm;
class FigurePreview;
class FigureWorker;

class FigureDialog : public QDialog {
  Q_OBJECT

 public:
  /// `figure`: of viz::figure_names(), shown first.
  FigureDialog(const QStringList& records, const QString& figure, QWidget* parent = nullptr);
  ~FigureDialog() override;

  /// What the window shows: offered as the figure's ranges; panels, smoothing and axes are taken over.
  void setScreen(const viz::Ranges& ranges, const viz::ViewSettings& settings);
  FigureForm* form() const { return form_; }
  FigurePreview* preview() const { return preview_; }
  /// Writes the figure; the file's ending says the format.
  void write(const QString& file);
  void saveTemplate(const QString& file);
  void loadTemplate(const QString& file);

 Q_SIGNALS:
  void exported(const QString& file);

 protected:
  void done(int result) override;

 private:
  void chooseFile();
  void chooseTemplate(bool save);
  void draw();
  void say(const QString& text, bool problem);
  void showWriting(bool on);

  FigureForm* form_;
  FigurePreview* preview_;
  FigureWorker* worker_;
  QLabel* said_;
  QPushButton *save_, *stop_;
  QTimer soon_;  ///< joins changes, as while a number is typed
};

}  // namespace bandscope::app
