// SPDX-License-Identifier: GPL-3.0-or-later
// The figure dialog's controls: a template as a form, both ways.
#pragma once

#include <QVariantMap>
#include <QWidget>
#include <vector>

#include "viz/draw/panel_layout.h"
#include "viz/figure/figure_template.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QListWidget;
class QSpinBox;

namespace bandscope::app {

class FigureForm : public QWidget {
  Q_OBJECT

 public:
  /// `records` are listed with their folders' names, all ticked.
  explicit FigureForm(const QStringList& records, QWidget* parent = nullptr);

  viz::FigureTemplate figure() const;
  /// Shows a template; its ranges stand as they are until another choice is made.
  void setFigure(const viz::FigureTemplate& figure);
  /// What "as on the screen" means; without it that choice is not offered.
  void setScreen(const viz::Ranges& ranges);
  /// The ticked formats, as endings: "pdf", "svg", "png", "csv".
  QStringList formats() const;
  /// The files that a chosen name stands for: the ticked formats, beside each other.
  QStringList filesFor(const QString& file) const;
  /// What one figure has in common with the next: page and formats, not what is drawn.
  QVariantMap savePage() const;
  /// What is missing or unknown stays as it is.
  void restorePage(const QVariantMap& page);
  /// The ticked records, in their order.
  QStringList records() const;

 Q_SIGNALS:
  /// The figure or its runs are others now.
  void changed();

 private:
  enum Range { full, screen, own };
  void build();
  void listParts(const std::vector<std::string>& ticked);
  void showWidth();
  void showFormats();
  void showSmoothing();

  QListWidget *runs_, *parts_;
  QComboBox *kind_, *select_, *width_, *palette_, *language_, *smoothing_, *range_, *x_axis_;
  QDoubleSpinBox *width_mm_, *height_mm_, *font_, *momentum_;
  QSpinBox *steps_, *dpi_;
  QCheckBox *legend_, *events_, *strip_, *log_x_, *log_y_, *seeds_;
  std::vector<QCheckBox*> formats_;  ///< named by their ending
  viz::Ranges screen_;
  viz::FigureTemplate shown_;  ///< keeps what the form has no control for: objectives, names, own ranges
};

}  // namespace bandscope::app
