// SPDX-License-Identifier: GPL-3.0-or-later
// A heat map of layers (rows) over steps (columns).
#pragma once

#include <QImage>
#include <QStringList>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "core/record/columns.h"

class QPainter;

namespace bandscope::app {

/// At most as many rows in time as a screen shows; read on a worker, never changed.
struct LayerData {
  QStringList names;
  std::vector<LayerRow> rows;
};
using LayerDataPtr = std::shared_ptr<const LayerData>;

class LayerMap : public QWidget {
  Q_OBJECT

 public:
  enum Quantity { NormChosen, NormRejected, Cosine, LogRStar };

  explicit LayerMap(QWidget* parent = nullptr);
  void setData(LayerDataPtr data);
  void setQuantity(Quantity quantity);
  void setCursor(std::optional<double> step);
  const LayerData* data() const { return data_.get(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  double value(std::size_t row, std::size_t layer) const;
  /// Signed values run between two hues through the ground; norms span magnitudes, so that their logarithm is shown.
  bool aroundZero() const { return quantity_ == Cosine || quantity_ == LogRStar; }
  /// The colour at `share` of the scale, 0 to 1.
  QColor color(double share) const;
  /// Where on the scale a value stands, 0 to 1; NaN for what is no number.
  double share(double value) const;
  void paintScale(QPainter& painter) const;
  void paintSteps(QPainter& painter) const;
  void render();
  QRect plot() const;

  LayerDataPtr data_;
  Quantity quantity_ = NormChosen;
  QImage image_;
  double least_ = 0, greatest_ = 0;
  std::optional<double> cursor_;
};

}  // namespace bandscope::app
