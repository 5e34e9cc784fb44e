// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/spec_form.h"

#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/launch/form_keys.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_labels.h"
#include "app/spec/toml_literals.h"
#include "core/objective/formula_examples.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

const QString enabled_key = QStringLiteral("calibration.enabled");
const QString enabled_sweep = QStringLiteral("sweep.calibration.enabled");

/// The values that a key takes in the runs of the text: those swept, else the one written, else the default.
QStringList values_of(const SpecText& text, const QString& key, const QString& standard) {
  QStringList values;
  if (const auto swept = text.value(QStringLiteral("sweep.") + key)) {
    for (const auto& element : toml_elements(*swept).value_or(QStringList())) values << toml_unquoted(element);
  }
  if (values.isEmpty()) values << toml_unquoted(text.value(key).value_or(standard));
  return values;
}

/// Gives a formula of the library the parameters that it names, where they have no value, and takes out the others.
void set_example_values(const std::optional<QString>& loss, SpecText& text) {
  const auto examples = formula_examples();
  const auto example = std::ranges::find_if(examples, [&](const FormulaExample& one) {
    return loss && toml_unquoted(*loss) == QString::fromStdString(one.formula);
  });
  if (example == examples.end()) return;
  QStringList named;
  for (const auto& [name, value] : example->parameters) {
    const QString key = QStringLiteral("objective.") + QString::fromStdString(name);
    named << key;
    if (!text.value(key) && !text.value(QStringLiteral("sweep.") + key)) text.set(key, QString::number(value));
  }
  for (const QString& key : text.keys()) {
    const QString plain = key.startsWith(QLatin1String("sweep.")) ? key.mid(6) : key;
    if (plain.startsWith(QLatin1String("objective.")) && !is_schema_key(plain) && !named.contains(plain))
      text.remove(key);
  }
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
  layout->setSpacing(grid / 4);  // each field has its own line below it
  const auto keys = form_keys();
  for (const auto section : {FormSection::model, FormSection::data, FormSection::objective, FormSection::calibration,
                             FormSection::training}) {
    auto* title = new QLabel(section_title(section), body);
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    if (section != FormSection::model) layout->addSpacing(grid);
    layout->addWidget(title);
    if (section == FormSection::calibration) addCalibration(layout);
    for (const auto& key : keys) {
      const QString name = QString::fromStdString(key.key);
      if (section_of(key) != section || name == enabled_key) continue;
      auto* field = new SpecField(key, body);
      fields_[name] = field;
      basic_[name] = is_basic(key);
      layout->addWidget(field);
      connect(field, &SpecField::edited, this, [this, name] { Q_EMIT edited(name); });
      connect(field, &SpecField::undoAsked, this, &SpecForm::undoAsked);
      connect(field, &SpecField::redoAsked, this, &SpecForm::redoAsked);
      connect(field, &SpecField::sendAsked, this,
              [this, name](const QString& root, const QString& file) { Q_EMIT sendAsked(name, root, file); });
      field->setPlace(place_);
    }
  }
  layout->addStretch(1);
  setWidget(body);
  for (const auto& [key, panel] : panels_) attach(key, panel);
  updateVisible();
}

void SpecForm::addCalibration(QVBoxLayout* layout) {
  // Without and with calibration is one choice: both is a sweep.
  auto* row = new QHBoxLayout;
  auto* name = new QLabel(tr("Runs"));
  name->setFixedWidth(144);
  calibration_ = new QComboBox;
  calibration_->setObjectName(enabled_key);
  calibration_->addItems({tr("w/o RC"), tr("w/ RC"), tr("both, as a pair")});
  calibration_->setAccessibleName(tr("Runs without or with reward calibration"));
  calibration_->installEventFilter(this);
  name->setBuddy(calibration_);
  row->setSpacing(grid / 2);
  row->addWidget(name);
  row->addWidget(calibration_, 1);
  row->addSpacing(32 + grid / 2);  // where the other fields have their sweep button
  layout->addLayout(row);
  layout->addSpacing(grid);
  connect(calibration_, &QComboBox::activated, this, [this] { Q_EMIT edited(enabled_key); });
}

bool SpecForm::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && watched == calibration_) {
    event->ignore();  // as the fields do: the wheel scrolls the form
    return true;
  }
  return QScrollArea::eventFilter(watched, event);
}

/// With the keyboard the field comes into sight with its help; a click moves nothing.
bool SpecForm::focusNextPrevChild(bool next) {
  if (!QScrollArea::focusNextPrevChild(next)) return false;
  for (const auto& [key, field] : fields_) {
    if (field->isAncestorOf(QApplication::focusWidget())) ensureWidgetVisible(field, 0, grid);
  }
  return true;
}

void SpecForm::attach(const QString& key, QWidget* panel) {
  panels_[key] = panel;
  auto* layout = static_cast<QVBoxLayout*>(widget()->layout());
  panel->setParent(widget());
  layout->insertWidget(layout->indexOf(field(key)) + 1, panel);
}

void SpecForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    fields_.clear();
    basic_.clear();
    for (const auto& [key, panel] : panels_) panel->setParent(this);  // they outlive the old form
    delete takeWidget();
    build();
    show(shown_);
    for (const auto& [key, error] : std::map<QString, Message>(errors_)) setError(key, error);
  }
  QScrollArea::changeEvent(event);
}

void SpecForm::show(const SpecText& text) {
  // In the middle of typing the text may be no TOML: the form keeps what it shows and waits.
  widget()->setEnabled(text.readable());
  if (!text.readable()) return;
  shown_ = text;
  for (const auto& [key, field] : fields_) field->setValue(text.value(key), text.value(QStringLiteral("sweep.") + key));
  objectives_ = values_of(text, QStringLiteral("objective.name"), QStringLiteral("dpo"));
  const QStringList tunings = values_of(text, QStringLiteral("model.tuning"), QStringLiteral("full"));
  lora_ = std::any_of(tunings.begin(), tunings.end(), [](const QString& t) { return t != QLatin1String("full"); });
  const QStringList enabled = values_of(text, enabled_key, QStringLiteral("true"));
  const bool on = enabled.contains(QLatin1String("true")), off = enabled.contains(QLatin1String("false"));
  const QSignalBlocker quiet(calibration_);
  calibration_->setCurrentIndex(int(on && off ? CalibrationChoice::both
                                    : off     ? CalibrationChoice::without
                                              : CalibrationChoice::with));
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
  const QString swept = QStringLiteral("sweep.") + key;
  if (const auto list = changed->sweep()) {
    text.remove(key);
    text.set(swept, *list);
  } else {
    text.remove(swept);
    if (const auto value = changed->value()) {
      text.set(key, *value);
    } else {
      text.remove(key);
    }
  }
  // A run's length is said in one of two ways: who says it in one takes the other back.
  for (const auto& [one, other] :
       {std::pair{"training.steps", "training.epochs"}, {"training.epochs", "training.steps"}}) {
    if (key != QLatin1String(one) || (!text.value(key) && !text.value(swept))) continue;
    text.remove(QLatin1String(other));
    text.remove(QStringLiteral("sweep.") + QLatin1String(other));
  }
  if (key == QLatin1String("objective.loss") && !changed->sweep()) set_example_values(changed->value(), text);
  if (key == QLatin1String("objective.name")) {
    // Parameters that no chosen objective has would be errors.
    const QStringList chosen = values_of(text, key, QStringLiteral("dpo"));
    if (chosen.contains(QLatin1String("formula"))) return;  // a formula names its own
    text.remove(QStringLiteral("objective.loss"));
    for (const auto& [name, other] : fields_) {
      if (!name.startsWith(QLatin1String("objective.")) || is_schema_key(name) || parameter_of(chosen, name)) continue;
      text.remove(name);
      text.remove(QStringLiteral("sweep.") + name);
    }
  }
}

bool SpecForm::setError(const QString& key, const Message& text) {
  auto* at_fault = field(key.startsWith(QLatin1String("sweep.")) ? key.mid(6) : key);
  if (!at_fault) return false;
  Message& error = errors_[key];
  if (error.empty() || text.empty()) error = text;
  at_fault->setError(error);
  if (!error.empty()) at_fault->show();
  return true;
}

void SpecForm::clearErrors() {
  errors_.clear();
  for (const auto& [key, field] : fields_) field->setError({});
}

SpecField* SpecForm::field(const QString& key) const {
  const auto at = fields_.find(key);
  return at == fields_.end() ? nullptr : at->second;
}

void SpecForm::setPlace(const SpecPlace& place) {
  place_ = place;
  for (const auto& [key, field] : fields_) field->setPlace(place);
}

void SpecForm::setAdvanced(bool shown) {
  advanced_ = shown;
  updateVisible();
}

void SpecForm::updateVisible() {
  for (const auto& [key, field] : fields_) {
    const bool written = field->value().has_value() || field->sweep().has_value();
    bool shown = basic_.at(key) || advanced_ || written;
    if (key.startsWith(QLatin1String("objective.")) && !is_schema_key(key)) {
      const auto* parameter = parameter_of(objectives_, key);
      shown = parameter != nullptr || written;
      if (parameter) {
        field->setDefault(QString::number(parameter->default_value));
        field->setHelp(parameter->help);
      }
    }
    if (key == QLatin1String("objective.loss")) shown = written || objectives_.contains(QLatin1String("formula"));
    if (key == QLatin1String("model.lora.rank")) shown = lora_ || advanced_ || written;
    // What is being emptied does not go away under the cursor.
    field->setVisible(shown || (field->isVisible() && field->isAncestorOf(QApplication::focusWidget())));
  }
}

}  // namespace bandscope::app
