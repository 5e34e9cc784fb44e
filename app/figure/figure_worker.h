// SPDX-License-Identifier: GPL-3.0-or-later
// Reads records, draws previews and writes files for the figure dialog, one thing at a time off the window's thread.
#pragma once

#include <QImage>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <memory>
#include <stop_token>

#include "viz/figure/figure_template.h"

namespace bandscope::app {

class FigureWorker : public QObject {
  Q_OBJECT

 public:
  explicit FigureWorker(QObject* parent = nullptr);
  ~FigureWorker() override;

  /// Draws the figure as large as it fits into `room` device pixels; the answer to an earlier request is dropped.
  void preview(const QStringList& records, const viz::FigureTemplate& figure, QSize room);
  /// Writes the files one after another; the ending of each says its format.
  void write(const QStringList& records, const viz::FigureTemplate& figure, const QStringList& files);
  /// Stops the writing at its next record or panel; nothing is left of the file that was being written.
  void cancelWriting();
  bool writing() const { return writing_; }

 Q_SIGNALS:
  /// `size`: of the figure in millimetres.
  void previewed(const QImage& image, QSizeF size);
  void previewFailed(const QString& problem);
  void written(const QStringList& files);
  /// `done`: those that were written before; an empty problem: cancelled.
  void notWritten(const QString& problem, const QStringList& done);

 private:
  struct Records;  ///< those read, kept while the dialog is open; used by the worker's thread only

  QThreadPool pool_;
  std::shared_ptr<Records> records_;
  std::stop_source preview_stop_, write_stop_;
  quint64 wanted_ = 0;
  bool writing_ = false;
};

}  // namespace bandscope::app
