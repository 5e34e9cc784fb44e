// SPDX-License-Identifier: GPL-3.0-or-later
// The figure dialog: what is drawn, how wide and how fine, with the picture beside it; written in one or several
// formats, saved as a template, or loaded from one. It stays open, and the next one starts with the same page.
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
  /// Writes the figure; each file's ending says its format. The dialog stays for the next one.
  void write(const QStringList& files);
  void saveTemplate(const QString& file);
  void loadTemplate(const QString& file);

 Q_SIGNALS:
  void exported(const QString& file);

 protected:
  void done(int result) override;

 private:
  void chooseFile();
  void askToReplace(const QStringList& files, const QStringList& existing);
  void keepPage() const;
  void chooseTemplate(bool save);
  static QString written_text(const QStringList& files);
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
