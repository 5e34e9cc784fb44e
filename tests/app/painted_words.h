// SPDX-License-Identifier: GPL-3.0-or-later
// The words that a widget draws, whatever draws them: its style, a delegate, a chart or its own paint event.
#pragma once

#include <QPaintDevice>
#include <QPaintEngine>
#include <QStringList>
#include <QWidget>

namespace bandscope::testing {

class WordEngine : public QPaintEngine {
 public:
  WordEngine() : QPaintEngine(AllFeatures) {}
  bool begin(QPaintDevice*) override { return true; }
  bool end() override { return true; }
  void updateState(const QPaintEngineState&) override {}
  void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
  void drawImage(const QRectF&, const QImage&, const QRectF&, Qt::ImageConversionFlags) override {}
  void drawPath(const QPainterPath&) override {}
  void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
  void drawTextItem(const QPointF&, const QTextItem& item) override { words << item.text(); }
  Type type() const override { return User; }

  QStringList words;
};

class WordPaper : public QPaintDevice {
 public:
  explicit WordPaper(QSize size) : size_(size) {}
  QPaintEngine* paintEngine() const override { return &engine_; }
  const QStringList& words() const { return engine_.words; }

 protected:
  int metric(PaintDeviceMetric metric) const override {
    switch (metric) {
      case PdmWidth:
        return size_.width();
      case PdmHeight:
        return size_.height();
      case PdmDpiX:
      case PdmDpiY:
      case PdmPhysicalDpiX:
      case PdmPhysicalDpiY:
        return 96;
      case PdmDepth:
        return 32;
      case PdmDevicePixelRatio:
        return 1;
      case PdmDevicePixelRatioScaled:
        return int(devicePixelRatioFScale());
      default:
        return 0;
    }
  }

 private:
  QSize size_;
  mutable WordEngine engine_;
};

inline QStringList painted_words(QWidget* widget) {
  WordPaper paper(widget->size());
  widget->render(&paper);
  return paper.words();
}

}  // namespace bandscope::testing
