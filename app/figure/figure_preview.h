// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of paper in the figure dialog: the picture that the file would hold, its size, or why there is none.
#pragma once

#include <QImage>
#include <QWidget>

namespace bandscope::app {

class FigurePreview : public QWidget {
  Q_OBJECT

 public:
  explicit FigurePreview(QWidget* parent = nullptr);
  void setPicture(const QImage& image, QSizeF millimetres);
  void setProblem(const QString& problem);
  const QImage& picture() const { return image_; }
  /// Device pixels that a picture may take.
  QSize room() const;
  QSize sizeHint() const override { return {620, 520}; }

 Q_SIGNALS:
  void resized();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QRect sheet() const;
  QImage image_;
  QSizeF size_;
  QString problem_;
};

}  // namespace bandscope::app
