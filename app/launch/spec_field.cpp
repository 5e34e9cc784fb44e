// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/spec_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyleOptionButton>
#include <QToolButton>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/language/translated.h"
#include "app/launch/choice_list.h"
#include "app/launch/spec_labels.h"
#include "app/library/run_cells.h"
#include "app/spec/toml_literals.h"

namespace bandscope::app {
namespace {

enum Column { name_column, input_column, pick_column, sweep_column };
constexpr int name_width = 144;
constexpr double note_size = 0.9;  // of the text of fields

QFont note_font(QFont font) {
  font.setPointSizeF(note_size * font.pointSizeF());
  return font;
}

bool has_examples(const SpecKey& key) { return key.key == "objective.loss"; }

QStringList options_of(const SpecKey& key) {
  if (key.type == "boolean") return {QStringLiteral("false"), QStringLiteral("true")};
  QStringList options;
  for (const auto& option : key.choices) options << QString::fromStdString(option);
  return options;
}

}  // namespace

SpecField::SpecField(const SpecKey& key, QWidget* parent)
    : QWidget(parent), key_(key), note_(new ElidedLine(this)), sweep_(new QToolButton(this)) {
  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setHorizontalSpacing(grid / 2);
  layout->setVerticalSpacing(1);
  layout->setColumnStretch(input_column, 1);
  auto* name = new QLabel(label(), this);
  name->setFixedWidth(name_width);
  name->setWordWrap(true);
  layout->addWidget(name, 0, name_column);
  makeInput();
  name->setBuddy(input_);
  if (picks()) makePicker();
  if (has_examples(key_)) makeExamples();
  makeSweep();
  describe();
  note_->setForegroundRole(QPalette::PlaceholderText);
  note_->setFont(note_font(font()));
  layout->addWidget(note_, 1, input_column, 1, 3);
  setValue(std::nullopt, std::nullopt);
}

void SpecField::prepare(QWidget* input) {
  input->setAccessibleName(label());
  input->installEventFilter(this);
}

bool SpecField::has_button() const { return picks() || has_examples(key_); }

void SpecField::makeInput() {
  if (key_.type == "boolean") {
    input_ = check_ = new QCheckBox(this);
    check_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // its text is cut before it widens the form
    connect(check_, &QCheckBox::toggled, this, &SpecField::edited);
  } else if (key_.type == "choice") {
    input_ = choice_ = new QComboBox(this);
    choice_->addItems(options_of(key_));
    connect(choice_, &QComboBox::activated, this, &SpecField::edited);
  } else {
    input_ = line_ = new QLineEdit(this);
    line_->setPlaceholderText(toml_unquoted(QString::fromStdString(key_.default_text)));
    line_->setClearButtonEnabled(true);
    connect(line_, &QLineEdit::textEdited, this, &SpecField::edited);
    // The clear button writes without editing.
    connect(line_, &QLineEdit::textChanged, this, [this](const QString& text) {
      if (text.isEmpty()) Q_EMIT edited();
    });
  }
  prepare(input_);
  input_->setObjectName(QString::fromStdString(key_.key));
  static_cast<QGridLayout*>(layout())->addWidget(input_, 0, input_column, 1, has_button() ? 1 : 2);
}

void SpecField::makeSweep() {
  if (const QStringList options = options_of(key_); !options.isEmpty()) {
    values_ = choices_ = new ChoiceList(options, this);
    connect(choices_, &ChoiceList::edited, this, [this] {
      showSweep();
      Q_EMIT edited();
    });
  } else {
    values_ = list_ = new QLineEdit(this);
    list_->setPlaceholderText(key_.type == "list" ? tr("lists, separated by commas")
                                                  : tr("values, separated by commas"));
    connect(list_, &QLineEdit::textEdited, this, [this] {
      showSweep();
      Q_EMIT edited();
    });
  }
  prepare(values_);
  values_->setObjectName(QStringLiteral("sweep.") + QString::fromStdString(key_.key));
  values_->setAccessibleName(tr("Values of %1").arg(label()));
  auto* place = static_cast<QGridLayout*>(layout());
  place->addWidget(values_, 0, input_column, 1, has_button() ? 1 : 2);
  sweep_->setCheckable(true);
  sweep_->setAutoRaise(true);
  sweep_->setAccessibleName(tr("Sweep %1").arg(label()));
  sweep_->setToolTip(tr("Sweep: a run for each value of a list"));
  sweep_->setFixedWidth(32);
  connect(sweep_, &QToolButton::toggled, this, &SpecField::toggled);
  place->addWidget(sweep_, 0, sweep_column);
  showSweep();
}

QString SpecField::label() const { return spec_label(key_); }

QString SpecField::entered() const {
  if (check_) return check_->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
  return choice_ ? choice_->currentText() : line_->text().trimmed();
}

std::optional<QString> SpecField::value() const {
  const QString text = entered();
  if (text.isEmpty() || text == toml_unquoted(QString::fromStdString(key_.default_text))) return std::nullopt;
  return toml_value(key_, text);
}

std::optional<QString> SpecField::sweep() const {
  if (!sweep_->isChecked()) return std::nullopt;
  return listed();
}

QString SpecField::listed() const {
  return list_toml(key_, choices_ ? choices_->chosen().join(QStringLiteral(", ")) : list_->text());
}

void SpecField::setValue(const std::optional<QString>& value, const std::optional<QString>& sweep) {
  const QString text = toml_unquoted(value.value_or(QString::fromStdString(key_.default_text)));
  if (check_) {
    const QSignalBlocker quiet(check_);
    check_->setChecked(text == QLatin1String("true"));
  } else if (choice_) {
    const QSignalBlocker quiet(choice_);
    choice_->setCurrentIndex(choice_->findText(text));
  } else if (!line_->hasFocus() || this->value() != value) {
    const QSignalBlocker quiet(line_);
    // The default stands in the empty field, greyed.
    const QString shown = value ? text : QString();
    if (line_->text() != shown) line_->setText(shown);
  }
  if (sweep) {
    const auto elements = toml_elements(*sweep).value_or(QStringList{*sweep});
    if (choices_) {
      QStringList chosen;
      for (const auto& element : elements) chosen << toml_unquoted(element);
      choices_->setChosen(chosen);
    } else if (!list_->hasFocus() || toml_elements(list_toml(key_, list_->text())) != elements) {
      list_->setText(list_text(key_, elements));
    }
  }
  const QSignalBlocker quiet(sweep_);
  sweep_->setChecked(sweep.has_value());
  showSweep();
}

void SpecField::toggled(bool on) {
  const QString standard = toml_unquoted(QString::fromStdString(key_.default_text));
  if (on) {
    const QString now = entered().isEmpty() ? standard : entered();
    if (choices_) {
      choices_->setChosen({now});
    } else {
      const QString element = takes_text(key_) ? toml_quoted(now) : now;
      list_->setText(now.isEmpty() ? QString() : list_text(key_, {element}));
    }
  } else {
    // The first value is the one that is left.
    const auto elements = toml_elements(listed()).value_or(QStringList());
    const QString first = elements.isEmpty() ? standard : toml_unquoted(elements.front());
    if (check_) {
      const QSignalBlocker quiet(check_);
      check_->setChecked(first == QLatin1String("true"));
    } else if (choice_) {
      choice_->setCurrentIndex(choice_->findText(first));
    } else {
      const QSignalBlocker quiet(line_);
      line_->setText(first == standard ? QString() : first);
    }
  }
  showSweep();
  (on ? values_ : input_)->setFocus();
  Q_EMIT edited();
}

void SpecField::showSweep() {
  const bool on = sweep_->isChecked();
  const auto elements = on ? toml_elements(sweep().value_or(QString())) : std::nullopt;
  QPalette quiet;
  if (!on) {
    QColor muted = palette().color(QPalette::ButtonText);
    muted.setAlphaF(0.75f);  // 4.5 to 1 on the ground of a button, which text of placeholders has not
    quiet.setColor(QPalette::ButtonText, muted);
  }
  sweep_->setPalette(quiet);
  sweep_->setText(QStringLiteral("×%1").arg(elements ? QString::number(elements->size()) : QStringLiteral("n")));
  input_->setVisible(!on);
  values_->setVisible(on);
  setFocusProxy(on ? values_ : input_);
}

void SpecField::setDefault(const QString& text) {
  key_.default_text = text.toStdString();
  if (line_) line_->setPlaceholderText(text);
}

void SpecField::setHelp(const std::string& help) {
  if (key_.help == help) return;
  key_.help = help;
  describe();
  writeNote(input_->hasFocus() || values_->hasFocus());
}

void SpecField::describe() {
  const QString help = spec_help(key_);
  input_->setToolTip(QStringLiteral("%1\n%2").arg(QString::fromStdString(key_.key), help));
  for (QWidget* input : {input_, values_}) input->setAccessibleDescription(help);
}

void SpecField::setError(const Message& error) {
  error_ = error;
  writeNote(input_->hasFocus() || values_->hasFocus());
}

/// The line under the field is there with and without words: nothing moves under the mouse when the focus goes on.
void SpecField::writeNote(bool focused) {
  QPalette own;
  if (!error_.empty()) own.setColor(QPalette::PlaceholderText, state_color(ShownState::failed, is_dark()));
  note_->setPalette(own);
  // A box that is ticked has its help beside it.
  const bool helps = focused && !(check_ && check_->isVisibleTo(this));
  note_->setWhole(!error_.empty() ? translated(error_) : helps ? spec_hint(key_) : QString());
}

void SpecField::fitCheck() {
  QStyleOptionButton option;
  option.initFrom(check_);
  const int room = style()->subElementRect(QStyle::SE_CheckBoxContents, &option, check_).width();
  check_->setText(check_->fontMetrics().elidedText(spec_help(key_), Qt::ElideRight, room));
}

void SpecField::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) {
    showSweep();
    setError(error_);
  }
  QWidget::changeEvent(event);
}

bool SpecField::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && watched == choice_) {
    // The wheel scrolls the form; it must not choose something else on the way.
    event->ignore();
    return true;
  }
  if (event->type() == QEvent::Resize && watched == check_) fitCheck();
  if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
    writeNote(event->type() == QEvent::FocusIn);
  }
  if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
    auto* key = static_cast<QKeyEvent*>(event);
    const bool undo = key->matches(QKeySequence::Undo), redo = key->matches(QKeySequence::Redo);
    if (undo || redo) {
      key->accept();
      if (event->type() == QEvent::KeyPress) undo ? Q_EMIT undoAsked() : Q_EMIT redoAsked();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace bandscope::app
