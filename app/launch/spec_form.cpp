// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/spec_form.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "app/launch/spec_field.h"
#include "app/launch/spec_words.h"
#include "app/window/look.h"
#include "core/objective/objective.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

const QString enabled_key = QStringLiteral("calibration.enabled");
const QString enabled_sweep = QStringLiteral("sweep.calibration.enabled");

/// The schema's keys with the parameters of all objectives.
std::vector<SpecKey> form_keys() {
  std::vector<SpecKey> keys;
  for (const auto& key : spec_keys()) {
    keys.push_back(key);
    if (key.key != "objective.name") continue;
    std::vector<std::string> known;
    for (const auto& objective : objectives()) {
      for (const auto& parameter : objective.parameters) {
        if (std::find(known.begin(), known.end(), parameter.name) != known.end()) continue;
        known.push_back(parameter.name);
        SpecKey made;
        made.key = "objective." + parameter.name;
        made.type = "number";
        made.help = parameter.help;
        keys.push_back(made);
      }
    }
  }
  return keys;
}

/// The parameter of the objective that the field is about; nullptr when it has none of that name.
const ObjectiveParameter* parameter_of(const QString& objective, const QString& key) {
  const auto* info = find_objective(objective.toStdString());
  if (!info) return nullptr;
  for (const auto& parameter : info->parameters) {
    if (key == QStringLiteral("objective.") + QString::fromStdString(parameter.name)) return &parameter;
  }
  return nullptr;
}

bool is_schema_key(const QString& key) {
  for (const auto& known : spec_keys()) {
    if (key == QLatin1String(known.key.c_str())) return true;
  }
  return false;
}

}  // namespace

SpecForm::SpecForm(QWidget* parent) : QScrollArea(parent) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMinimumWidth(360);
  build();
}

void SpecForm::build() {
  auto* body = new QWidget;
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(2 * grid, grid, 2 * grid, 2 * grid);
  layout->setSpacing(grid);
  const auto keys = form_keys();
  for (const auto section : {FormSection::model, FormSection::data, FormSection::objective, FormSection::calibration,
                             FormSection::training}) {
    auto* title = new QLabel(section_title(section), body);
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    if (section != FormSection::model) layout->addSpacing(grid);
    layout->addWidget(title);
    if (section == FormSection::calibration) {
      // Without and with calibration is one choice: both is a sweep.
      auto* row = new QHBoxLayout;
      auto* name = new QLabel(tr("Runs"), body);
      name->setFixedWidth(144);
      calibration_ = new QComboBox(body);
      calibration_->setObjectName(enabled_key);
      calibration_->addItems({tr("w/o RC"), tr("w/ RC"), tr("both, as a pair")});
      calibration_->setAccessibleName(tr("Runs without or with reward calibration"));
      name->setBuddy(calibration_);
      row->addWidget(name);
      row->addWidget(calibration_, 1);
      layout->addLayout(row);
      connect(calibration_, &QComboBox::activated, this, [this] { Q_EMIT edited(enabled_key); });
    }
    for (const auto& key : keys) {
      const QString name = QString::fromStdString(key.key);
      if (section_of(key) != section || name == enabled_key) continue;
      auto* field = new SpecField(key, body);
      fields_[name] = field;
      basic_[name] = is_basic(key);
      layout->addWidget(field);
      connect(field, &SpecField::edited, this, [this, name] { Q_EMIT edited(name); });
    }
  }
  layout->addStretch(1);
  setWidget(body);
  updateVisible();
}

void SpecForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    fields_.clear();
    basic_.clear();
    delete takeWidget();
    build();
    show(shown_);
  }
  QScrollArea::changeEvent(event);
}

void SpecForm::show(const SpecText& text) {
  shown_ = text;
  for (const auto& [key, field] : fields_) field->setValue(text.value(key));
  objective_ = toml_unquoted(text.value(QStringLiteral("objective.name")).value_or(QStringLiteral("dpo")));
  const QString tuning = toml_unquoted(text.value(QStringLiteral("model.tuning")).value_or(QStringLiteral("full")));
  lora_ = tuning != QLatin1String("full");
  const auto swept = text.value(enabled_sweep);
  const auto enabled = text.value(enabled_key);
  const auto choice = swept                                           ? CalibrationChoice::both
                      : enabled && *enabled == QLatin1String("false") ? CalibrationChoice::without
                                                                      : CalibrationChoice::with;
  const QSignalBlocker quiet(calibration_);
  calibration_->setCurrentIndex(int(choice));
  updateVisible();
}

void SpecForm::apply(const QString& key, SpecText& text) const {
  if (key == enabled_key) {
    switch (CalibrationChoice(calibration_->currentIndex())) {
      case CalibrationChoice::both:
        text.remove(enabled_key);
        text.set(enabled_sweep, QStringLiteral("[false, true]"));
        break;
      case CalibrationChoice::with:
        text.remove(enabled_sweep);
        text.set(enabled_key, QStringLiteral("true"));
        break;
      case CalibrationChoice::without:
        text.remove(enabled_sweep);
        text.set(enabled_key, QStringLiteral("false"));
        break;
    }
    return;
  }
  const auto* changed = field(key);
  if (!changed) return;
  if (const auto value = changed->value()) {
    text.set(key, *value);
  } else {
    text.remove(key);
  }
  if (key == QLatin1String("objective.name")) {
    // Parameters that the new objective does not have would be errors.
    const QString chosen = toml_unquoted(changed->value().value_or(QStringLiteral("dpo")));
    for (const auto& [name, other] : fields_) {
      if (name.startsWith(QLatin1String("objective.")) && !is_schema_key(name) && !parameter_of(chosen, name))
        text.remove(name);
    }
  }
}

bool SpecForm::setError(const QString& key, const QString& text) {
  clearErrors();
  auto* at_fault = field(key);
  if (!at_fault) return false;
  at_fault->setError(text);
  at_fault->show();
  return true;
}

void SpecForm::clearErrors() {
  for (const auto& [key, field] : fields_) field->setError({});
}

SpecField* SpecForm::field(const QString& key) const {
  const auto at = fields_.find(key);
  return at == fields_.end() ? nullptr : at->second;
}

void SpecForm::setAdvanced(bool shown) {
  advanced_ = shown;
  updateVisible();
}

void SpecForm::updateVisible() {
  for (const auto& [key, field] : fields_) {
    bool shown = basic_.at(key) || advanced_ || field->value().has_value();
    if (key.startsWith(QLatin1String("objective.")) && !is_schema_key(key)) {
      const auto* parameter = parameter_of(objective_, key);
      shown = parameter != nullptr;
      if (parameter) field->setDefault(QString::number(parameter->default_value));
    }
    if (key == QLatin1String("objective.loss")) shown = objective_ == QLatin1String("formula");
    if (key == QLatin1String("model.lora.rank")) shown = lora_ || advanced_;
    field->setVisible(shown);
  }
}

}  // namespace bandscope::app
