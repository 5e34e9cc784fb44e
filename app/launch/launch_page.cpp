// SPDX-License-Identifier: GPL-3.0-or-later
// The page's parts, how they are laid out and connected, and its files.
#include "app/launch/launch_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/places.h"
#include "app/language/translated.h"
#include "app/launch/data_panel.h"
#include "app/launch/runs_table.h"
#include "app/launch/send_bar.h"
#include "app/launch/spec_form.h"
#include "app/launch/where_choice.h"
#include "app/spec/toml_highlighter.h"

namespace bandscope::app {
namespace {

constexpr int look_after_ms = 250, plan_after_ms = 700;

}  // namespace

LaunchPage::LaunchPage(QWidget* parent)
    : QWidget(parent),
      where_(new WhereChoice(this)),
      form_(new SpecForm(this)),
      text_(new QPlainTextEdit(this)),
      recipe_(new QComboBox(this)),
      title_(new ElidedLine(this)),
      recipe_label_(new QLabel(this)),
      recipe_about_(new QLabel(this)),
      outlook_(new QLabel(this)),
      concern_(new QLabel(this)),
      estimate_(new QLabel(this)),
      problem_(new QLabel(this)),
      runs_label_(new QLabel(this)),
      model_facts_(new ElidedLine(this)),
      train_panel_(new DataPanel(true, this)),
      probe_panel_(new DataPanel(false, this)),
      runs_table_(new RunsTable(this)),
      runs_(new QLineEdit(this)),
      runs_there_(new QLineEdit(this)),
      sending_(new SendBar(this)),
      advanced_(new QCheckBox(this)),
      start_(new QPushButton(this)),
      queue_(new QPushButton(this)),
      cancel_(new QPushButton(this)),
      fresh_(new QPushButton(this)),
      open_(new QPushButton(this)),
      save_(new QPushButton(this)),
      measure_(new QPushButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(buildTop());
  auto* splitter = new QSplitter(Qt::Horizontal, this);
  splitter->addWidget(buildLeft());
  splitter->addWidget(buildRight());
  splitter->setChildrenCollapsible(false);
  name_splitter(splitter, QStringLiteral("form-and-spec"), {1, 1});
  layout->addWidget(splitter, 1);
  layout->addLayout(buildBottom());
  scan_delay_.setSingleShot(true);
  scan_delay_.setInterval(look_after_ms);
  plan_delay_.setSingleShot(true);
  plan_delay_.setInterval(plan_after_ms);
  setFocusProxy(recipe_);
  orderFocus();
  connectParts();
  translate();
  setText(starting_spec());
}

LaunchPage::~LaunchPage() { text_->document()->disconnect(this); }

/// The tab key goes as one reads: the head, the form, the text, and what is done with them. Fields come and go with the
/// spec; they stand in the ring where the form is, behind what is said here.
void LaunchPage::orderFocus() {
  QWidget* before = nullptr;
  for (QWidget* next :
       std::initializer_list<QWidget*>{text_, runs_table_, runs_, runs_there_, measure_, cancel_, queue_, start_,
                                       advanced_, fresh_, open_, save_, where_, recipe_, form_}) {
    if (before) setTabOrder(before, next);
    before = next;
  }
}

QHBoxLayout* LaunchPage::buildTop() {
  auto* top = new QHBoxLayout;
  top->setContentsMargins(2 * grid, grid, grid, grid);
  top->setSpacing(grid / 2);
  title_->setFont(heading_font(font()));
  top->addWidget(title_, 1);
  top->addWidget(advanced_);
  top->addSpacing(grid);
  fresh_->setObjectName(QStringLiteral("start-afresh"));
  top->addWidget(fresh_);
  top->addWidget(open_);
  auto* menu = new QMenu(save_);
  menu->addAction(QString(), this, &LaunchPage::askSave);
  menu->addAction(QString(), this, &LaunchPage::askKeep);
  save_->setMenu(menu);
  top->addWidget(save_);
  return top;
}

QWidget* LaunchPage::buildLeft() {
  auto* left = new QWidget(this);
  auto* layout = new QVBoxLayout(left);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(where_);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(2 * grid, 0, 2 * grid, 0);
  row->setSpacing(grid / 2);
  recipe_label_->setFixedWidth(144);
  recipe_label_->setBuddy(recipe_);
  recipe_->setObjectName(QStringLiteral("recipe"));
  recipe_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  recipe_->setMinimumContentsLength(16);
  row->addWidget(recipe_label_);
  row->addWidget(recipe_, 1);
  layout->addLayout(row);
  recipe_about_->setWordWrap(true);
  recipe_about_->setTextFormat(Qt::PlainText);
  recipe_about_->setForegroundRole(QPalette::PlaceholderText);
  recipe_about_->setIndent(2 * grid + 144 + grid / 2);
  recipe_about_->hide();
  layout->addWidget(recipe_about_);
  layout->addWidget(form_, 1);
  // One line from the beginning: the form stands still when the model is found.
  model_facts_->setObjectName(QStringLiteral("model-facts"));
  model_facts_->setForegroundRole(QPalette::PlaceholderText);
  auto* under_input = new QWidget(left);
  auto* facts = new QHBoxLayout(under_input);
  facts->setContentsMargins(144 + grid / 2, 0, 32 + grid / 2, 0);
  facts->addWidget(model_facts_);
  form_->attach(QStringLiteral("model.path"), under_input);
  form_->attach(QStringLiteral("data.train"), train_panel_);
  form_->attach(QStringLiteral("data.probe"), probe_panel_);
  return left;
}

QWidget* LaunchPage::buildRight() {
  auto* right = new QWidget(this);
  auto* layout = new QVBoxLayout(right);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  text_->setObjectName(QStringLiteral("spec-text"));
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  text_->setTabChangesFocus(true);
  new TomlHighlighter(text_->document());
  layout->addWidget(text_, 1);
  layout->addWidget(runs_table_);
  return right;
}

QVBoxLayout* LaunchPage::buildBottom() {
  auto* bottom = new QVBoxLayout;
  bottom->setContentsMargins(2 * grid, grid, grid, grid);
  bottom->setSpacing(grid / 2);
  for (auto* label : {problem_, outlook_, concern_, estimate_}) {
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long path does not widen the window
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  }
  problem_->setObjectName(QStringLiteral("spec-problem"));
  outlook_->setObjectName(QStringLiteral("outlook"));
  estimate_->setObjectName(QStringLiteral("estimate"));
  estimate_->setForegroundRole(QPalette::PlaceholderText);
  bottom->addWidget(problem_);
  concern_->setObjectName(QStringLiteral("concern"));
  concern_->hide();
  bottom->addWidget(outlook_);
  bottom->addWidget(concern_);
  bottom->addWidget(estimate_);
  bottom->addWidget(sending_);
  auto* actions = new QHBoxLayout;
  runs_label_->setBuddy(runs_);
  actions->addWidget(runs_label_);
  actions->addWidget(runs_, 1);
  runs_there_->setEnabled(false);
  runs_there_->setObjectName(QStringLiteral("runs-there"));
  actions->addWidget(runs_there_, 1);
  actions->addSpacing(grid);
  measure_->setObjectName(QStringLiteral("measure"));
  actions->addWidget(measure_);
  actions->addWidget(cancel_);
  queue_->setObjectName(QStringLiteral("add-to-queue"));
  actions->addWidget(queue_);
  start_->setObjectName(QStringLiteral("start"));
  start_->setDefault(true);
  actions->addWidget(start_);
  bottom->addLayout(actions);
  return bottom;
}

void LaunchPage::connectParts() {
  connect(runs_, &QLineEdit::textChanged, this, &LaunchPage::checkNames);
  connect(&scan_delay_, &QTimer::timeout, this, &LaunchPage::look);
  connect(&plan_delay_, &QTimer::timeout, this, &LaunchPage::askPlan);
  connect(form_, &SpecForm::edited, this, &LaunchPage::formEdited);
  connect(form_, &SpecForm::undoAsked, this, &LaunchPage::undo);
  connect(form_, &SpecForm::redoAsked, this, &LaunchPage::redo);
  connect(text_, &QPlainTextEdit::textChanged, this, &LaunchPage::textEdited);
  connect(text_->document(), &QTextDocument::undoAvailable, this, &LaunchPage::historyChanged);
  connect(text_->document(), &QTextDocument::redoAvailable, this, &LaunchPage::historyChanged);
  connect(advanced_, &QCheckBox::toggled, form_, &SpecForm::setAdvanced);
  connect(recipe_, &QComboBox::activated, this, [this](int row) { useRecipe(recipe_->itemData(row).toInt()); });
  connect(&model_scanner_, &ModelScanner::found, this, &LaunchPage::modelFound);
  connect(&train_scanner_, &DataScanner::found, this, &LaunchPage::dataFound);
  connect(&probe_scanner_, &DataScanner::found, this, &LaunchPage::probeFound);
  connect(&overlap_counter_, &OverlapCounter::found, this,
          [this](const data::PairOverlap& overlap) { showConcern(data::overlap_message(overlap)); });
  connect(&planner_, &Planner::planned, this, &LaunchPage::planned);
  connect(&planner_, &Planner::failed, this, [this](const Message& reason) {
    plan_problem_ = reason;
    showOutlook();
  });
  connect(&planner_, &Planner::progress, this, [this](const Message& said) { estimate_->setText(translated(said)); });
  connect(&planner_, &Planner::busyChanged, this, &LaunchPage::showOutlook);
  connect(measure_, &QPushButton::clicked, this, [this] {
    if (measuring()) {
      cancelPlan();
    } else {
      plan_delay_.stop();
      measurePlan();
    }
  });
  connect(cancel_, &QPushButton::clicked, this, &LaunchPage::closeAsked);
  connect(fresh_, &QPushButton::clicked, this, &LaunchPage::startAfresh);
  connect(open_, &QPushButton::clicked, this, &LaunchPage::askOpen);
  connectActions();
  connectPlaces();
}

QString LaunchPage::text() const { return text_->toPlainText(); }
QString LaunchPage::runsFolder() const { return runs_->text().trimmed(); }
void LaunchPage::setRunsFolder(const QString& folder) { runs_->setText(QDir::toNativeSeparators(folder)); }
QString LaunchPage::problem() const { return problem_->text(); }
QString LaunchPage::outlook() const { return outlook_->text(); }
QString LaunchPage::concern() const { return concern_->text(); }
bool LaunchPage::canUndo() const { return text_->document()->isUndoAvailable(); }
bool LaunchPage::canRedo() const { return text_->document()->isRedoAvailable(); }

void LaunchPage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) {
    const QSignalBlocker quiet(text_);  // the text is the same, in other colours
    if (auto* colours = text_->document()->findChild<TomlHighlighter*>()) colours->rehighlight();
    markLines();
  }
  QWidget::changeEvent(event);
}

void LaunchPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  checkNames();  // what was started since has taken its names
}

void LaunchPage::writeTitle() {
  title_->setWhole(clone_of_.isEmpty() ? tr("New experiment") : tr("New experiment, cloned from %1").arg(clone_of_));
  setAccessibleName(title_->whole());
}

void LaunchPage::translate() {
  writeTitle();
  showConcern(probe_panel_->concern());
  recipe_label_->setText(tr("Recipe"));
  recipe_->setAccessibleName(tr("Recipe to start from"));
  advanced_->setText(tr("All keys"));
  fresh_->setText(tr("Start afresh"));
  fresh_->setToolTip(tr("Puts the draft away and begins with an empty one; Undo brings it back"));
  open_->setText(tr("Open spec…"));
  save_->setText(tr("Save"));
  save_->menu()->actions().at(0)->setText(tr("Save spec…"));
  save_->menu()->actions().at(1)->setText(tr("Keep as recipe…"));
  cancel_->setText(tr("Cancel"));
  runs_label_->setText(tr("Runs go to"));
  text_->setAccessibleName(tr("Spec as TOML"));
  measure_->setToolTip(tr("Trains a few steps of each run for time and memory; nothing is kept"));
  fillRecipes();
  showModel();
  showPlace();
  checkNames();
}

}  // namespace bandscope::app
