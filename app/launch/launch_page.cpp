// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/launch_page.h"

#include <QCheckBox>
#include <QDir>
#include <QEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QVBoxLayout>

#include "app/launch/spec_form.h"
#include "app/launch/spec_text.h"
#include "app/launch/toml_highlighter.h"
#include "app/launch/what_will_run.h"
#include "app/library/run_cells.h"
#include "app/window/look.h"
#include "core/error.h"

namespace bandscope::app {

QString starting_spec() {
  return QStringLiteral(
      "[run]\nname = \"dpo\"\n\n[model]\npath = \"\"\ntuning = \"lora\"\n\n[data]\ntrain = \"\"\n\n[objective]\n"
      "name = \"dpo\"\n\n[optimizer]\nlearning_rate = 5e-7\n\n[training]\nbatch_size = 8\nepochs = 1\n\n[sweep]\n"
      "\"calibration.enabled\" = [false, true]\n");
}

LaunchPage::LaunchPage(QWidget* parent)
    : QWidget(parent),
      form_(new SpecForm(this)),
      text_(new QPlainTextEdit(this)),
      title_(new QLabel(this)),
      outlook_(new QLabel(this)),
      problem_(new QLabel(this)),
      runs_label_(new QLabel(this)),
      runs_(new QLineEdit(this)),
      advanced_(new QCheckBox(this)),
      start_(new QPushButton(this)),
      cancel_(new QPushButton(this)),
      open_(new QPushButton(this)),
      save_(new QPushButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(2 * grid, grid, grid, grid);
  QFont large = title_->font();
  large.setPointSizeF(large.pointSizeF() * 1.15);
  large.setWeight(QFont::DemiBold);
  title_->setFont(large);
  top->addWidget(title_, 1);
  top->addWidget(advanced_);
  top->addSpacing(grid);
  top->addWidget(open_);
  top->addWidget(save_);
  layout->addLayout(top);

  auto* splitter = new QSplitter(Qt::Horizontal, this);
  splitter->addWidget(form_);
  text_->setObjectName(QStringLiteral("spec-text"));
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  text_->setTabChangesFocus(true);
  new TomlHighlighter(text_->document());
  splitter->addWidget(text_);
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  splitter->setChildrenCollapsible(false);
  layout->addWidget(splitter, 1);

  auto* bottom = new QVBoxLayout;
  bottom->setContentsMargins(2 * grid, grid, grid, grid);
  bottom->setSpacing(grid / 2);
  for (auto* label : {problem_, outlook_}) {
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    bottom->addWidget(label);
  }
  problem_->setObjectName(QStringLiteral("spec-problem"));
  auto* actions = new QHBoxLayout;
  runs_label_->setBuddy(runs_);
  actions->addWidget(runs_label_);
  actions->addWidget(runs_, 1);
  actions->addSpacing(grid);
  actions->addWidget(cancel_);
  start_->setObjectName(QStringLiteral("start"));
  start_->setDefault(true);
  actions->addWidget(start_);
  bottom->addLayout(actions);
  layout->addLayout(bottom);

  pool_.setMaxThreadCount(1);
  debounce_.setSingleShot(true);
  debounce_.setInterval(250);
  connect(&debounce_, &QTimer::timeout, this, &LaunchPage::look);
  connect(form_, &SpecForm::edited, this, &LaunchPage::formEdited);
  connect(text_, &QPlainTextEdit::textChanged, this, &LaunchPage::textEdited);
  connect(advanced_, &QCheckBox::toggled, form_, &SpecForm::setAdvanced);
  connect(start_, &QPushButton::clicked, this, &LaunchPage::start);
  connect(cancel_, &QPushButton::clicked, this, &LaunchPage::closeAsked);
  connect(open_, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(this, tr("Open spec"), base(), tr("Run specs (*.toml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &LaunchPage::openSpec);
    dialog->open();
  });
  connect(save_, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(this, tr("Save spec"), base(), tr("Run specs (*.toml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("toml"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
      QSaveFile file(path);
      if (file.open(QIODevice::WriteOnly) && file.write(text().toUtf8()) >= 0 && file.commit()) {
        spec_file_ = path;
        check();
      } else {
        problem_->setText(tr("%1 cannot be written: %2").arg(path, file.errorString()));
        problem_->show();
      }
    });
    dialog->open();
  });
  translate();
  setText(starting_spec());
}

LaunchPage::~LaunchPage() { pool_.waitForDone(); }

QString LaunchPage::text() const { return text_->toPlainText(); }
QString LaunchPage::runsFolder() const { return runs_->text().trimmed(); }
void LaunchPage::setRunsFolder(const QString& folder) { runs_->setText(QDir::toNativeSeparators(folder)); }
QString LaunchPage::problem() const { return problem_->text(); }
QString LaunchPage::base() const {
  return spec_file_.isEmpty() ? QDir::currentPath() : QFileInfo(spec_file_).absolutePath();
}

void LaunchPage::setText(const QString& toml) { text_->setPlainText(toml); }

void LaunchPage::openSpec(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    problem_->setText(tr("%1 cannot be read: %2").arg(path, file.errorString()));
    problem_->show();
    return;
  }
  spec_file_ = QFileInfo(path).absoluteFilePath();
  setText(QString::fromUtf8(file.readAll()));
}

void LaunchPage::setModel(const QString& folder) {
  SpecText spec(text());
  spec.set(QStringLiteral("model.path"), toml_quoted(folder));
  setText(spec.text());
}

void LaunchPage::setData(const QString& file) {
  SpecText spec(text());
  spec.set(QStringLiteral("data.train"), toml_quoted(file));
  setText(spec.text());
}

void LaunchPage::formEdited(const QString& key) {
  SpecText spec(text());
  form_->apply(key, spec);
  // One edit of the document, so that undo in the text takes back one change of the form.
  QTextCursor cursor(text_->document());
  cursor.select(QTextCursor::Document);
  cursor.insertText(spec.text());
}

void LaunchPage::textEdited() {
  form_->show(SpecText(text()));
  check();
}

void LaunchPage::check() {
  ++generation_;
  specs_.clear();
  form_->clearErrors();
  problem_->clear();
  try {
    specs_ = parse_run_specs(text().toStdString(),
                             spec_file_.isEmpty() ? "spec" : QFileInfo(spec_file_).fileName().toStdString(),
                             base().toStdString());
  } catch (const SpecError& error) {
    const QString message = QString::fromStdString(error.what());
    form_->setError(QString::fromStdString(error.key), message);
    problem_->setText(message);
    outlook_->clear();
  } catch (const std::exception& error) {
    problem_->setText(QString::fromStdString(error.what()));
    outlook_->clear();
  }
  QPalette own;
  own.setColor(QPalette::WindowText, state_color(ShownState::failed, dark_look()));
  problem_->setPalette(own);
  problem_->setVisible(!problem_->text().isEmpty());
  start_->setEnabled(false);
  if (!specs_.empty()) debounce_.start();
}

void LaunchPage::look() {
  pool_.start([this, generation = generation_, specs = specs_, earlier = earlier_] {
    const auto outlook = what_will_run(specs, earlier);
    QMetaObject::invokeMethod(this, [this, generation, outlook] {
      if (generation != generation_) return;  // the spec has changed since
      outlook_->setText(outlook.text);
      problem_->setText(outlook.problem);
      problem_->setVisible(!outlook.problem.isEmpty());
      start_->setEnabled(outlook.problem.isEmpty());
    });
  });
}

void LaunchPage::start() {
  const QDir runs(runsFolder());
  QStringList names;
  for (const auto& spec : specs_) names << QString::fromStdString(spec.run.name);
  for (const auto& name : names) {
    if (!QFileInfo::exists(runs.filePath(name + QStringLiteral("/run.h5"))) || specs_.front().run.resume) continue;
    problem_->setText(tr("There is a run %1 in %2 already; change run.name or the folder.").arg(name, runs.path()));
    problem_->show();
    return;
  }
  const QString folder = runs.filePath(QStringLiteral(".specs"));
  QString file = spec_file_;
  // An opened spec that was edited, or a new one, is kept beside the runs, with the paths made absolute by the parser's
  // own writer where they depend on where the file lies.
  QFile same(spec_file_);
  const bool unchanged =
      !spec_file_.isEmpty() && same.open(QIODevice::ReadOnly) && QString::fromUtf8(same.readAll()) == text();
  if (!unchanged) {
    SpecText spec(text());
    for (const char* key : {"model.path", "model.reference", "model.adapter", "data.train", "data.probe"}) {
      const auto value = spec.value(QLatin1String(key));
      if (!value || toml_unquoted(*value).isEmpty()) continue;
      spec.set(QLatin1String(key), toml_quoted(QDir::cleanPath(QDir(base()).absoluteFilePath(toml_unquoted(*value)))));
    }
    QDir().mkpath(folder);
    file = QDir(folder).absoluteFilePath(names.value(0) + QStringLiteral(".toml"));
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(spec.text().toUtf8()) < 0 || !out.commit()) {
      problem_->setText(tr("%1 cannot be written: %2").arg(file, out.errorString()));
      problem_->show();
      return;
    }
  }
  Q_EMIT startAsked(file, runs.absolutePath(), names);
}

void LaunchPage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  QWidget::changeEvent(event);
}

void LaunchPage::translate() {
  title_->setText(tr("New experiment"));
  advanced_->setText(tr("All keys"));
  open_->setText(tr("Open spec…"));
  save_->setText(tr("Save spec…"));
  start_->setText(tr("Start"));
  cancel_->setText(tr("Cancel"));
  runs_label_->setText(tr("Runs go to"));
  text_->setAccessibleName(tr("Spec as TOML"));
}

}  // namespace bandscope::app
