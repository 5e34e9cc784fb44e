// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/layers_tab.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/language/translated.h"
#include "app/page/layer_map.h"
#include "app/page/run_choice.h"
#include "core/record/record_reader.h"

namespace bandscope::app {
namespace {

constexpr int look_again_ms = 1000;

/// Rows in time that are read: more than a screen has columns would be read in vain.
constexpr std::size_t most_rows = 1000;

LayerDataPtr read_layers(const QString& record) {
  auto data = std::make_shared<LayerData>();
  const auto reader = RecordReader::open(record.toStdString());
  for (const auto& name : reader.layer_names()) data->names << QString::fromStdString(name);
  if (data->names.isEmpty()) return data;
  const std::size_t steps = reader.steps();
  if (steps <= most_rows) {
    data->rows = reader.layer_rows();
  } else {
    for (std::size_t i = 0; i < most_rows; ++i) {
      auto row = reader.layer_rows(i * (steps - 1) / (most_rows - 1), 1);
      if (!row.empty()) data->rows.push_back(std::move(row.front()));
    }
  }
  return data;
}

}  // namespace

LayersTab::LayersTab(QWidget* parent)
    : QWidget(parent),
      choice_(new RunChoice(this)),
      quantity_(new QComboBox(this)),
      why_(new QLabel(this)),
      stack_(new QStackedWidget(this)),
      map_(new LayerMap(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  auto* top = new QHBoxLayout;
  top->addWidget(choice_);
  top->addWidget(quantity_);
  top->addStretch(1);
  layout->addLayout(top);
  quantity_->addItems({{}, {}, {}, {}});
  why_->setWordWrap(true);
  why_->setTextFormat(Qt::PlainText);
  why_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  why_->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(why_);
  stack_->addWidget(map_);
  layout->addWidget(stack_, 1);
  pool_.setMaxThreadCount(1);
  connect(choice_, &QComboBox::activated, this, &LayersTab::refresh);
  connect(choice_, &QComboBox::activated, this, &LayersTab::viewChanged);
  connect(quantity_, &QComboBox::activated, this, [this](int index) {
    map_->setQuantity(LayerMap::Quantity(index));
    Q_EMIT viewChanged();
  });
  translate();
}

LayersTab::~LayersTab() { pool_.waitForDone(); }

void LayersTab::setRecords(const QStringList& records, const QStringList& names) {
  if (choice_->setRecords(records, names)) refresh();
}

int LayersTab::quantity() const { return quantity_->currentIndex(); }

void LayersTab::setQuantity(int quantity) {
  if (quantity < 0 || quantity >= quantity_->count()) return;
  quantity_->setCurrentIndex(quantity);
  map_->setQuantity(LayerMap::Quantity(quantity));
}

void LayersTab::refresh() {
  stale_ = true;
  read();
}

void LayersTab::setCursor(std::optional<double> step) { map_->setCursor(step); }

void LayersTab::read() {
  const QString record = choice_->record();
  if (busy_ || !stale_ || record.isEmpty() || !isVisible()) return;
  busy_ = true;
  stale_ = false;
  if (shown_ != record) {
    stack_->setCurrentIndex(0);
    why_->setText(tr("Reading…"));
  }
  pool_.start([this, record] {
    LayerDataPtr layers;
    QString error;
    try {
      layers = read_layers(record);
    } catch (const std::exception& problem) {
      error = translated(problem);
    }
    QMetaObject::invokeMethod(this, [this, record, layers, error] {
      busy_ = false;
      if (record != choice_->record()) {
        stale_ = true;
        return read();
      }
      shown_ = record;
      if (stale_) QTimer::singleShot(look_again_ms, this, &LayersTab::read);  // it has grown, perhaps for the last time
      const bool some = layers && !layers->names.isEmpty() && !layers->rows.empty();
      map_->setData(some ? layers : nullptr);
      quantity_->setVisible(some);
      stack_->setCurrentIndex(some ? 1 : 0);
      if (!some) {
        why_->setText(!error.isEmpty()                     ? error
                      : layers && !layers->names.isEmpty() ? tr("No step has been recorded yet.")
                                                           : tr("This run recorded no scores per layer. Train with "
                                                                "scores.scope = \"all\" and scores.layers = true."));
      }
    });
  });
}

void LayersTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  read();
}

void LayersTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    refresh();
  }
  QWidget::changeEvent(event);
}

void LayersTab::translate() {
  const QStringList names{tr("‖s_w‖, score norm of the chosen response"),
                          tr("‖s_l‖, score norm of the rejected response"), tr("ρ, cosine of the scores"),
                          tr("log r*, centre of the band")};
  for (int i = 0; i < names.size(); ++i) quantity_->setItemText(i, names[i]);
  quantity_->setAccessibleName(tr("Quantity"));
  choice_->setAccessibleName(tr("Run whose layers are shown"));
  map_->setAccessibleName(tr("Layers over the steps"));
}

}  // namespace bandscope::app
