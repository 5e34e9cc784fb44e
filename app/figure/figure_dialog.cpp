// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure/figure_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QVBoxLayout>
#include <algorithm>
#include <exception>

#include "app/base/color_scheme.h"
#include "app/base/plain_text.h"
#include "app/figure/figure_form.h"
#include "app/figure/figure_preview.h"
#include "app/figure/figure_worker.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"
#include "viz/figure/figures.h"

namespace bandscope::app {
namespace {

constexpr const char* page_key = "figure/page";

}  // namespace

QString FigureDialog::written_text(const QStringList& files) {
  QStringList names;
  for (const QString& file : files) names << QFileInfo(file).fileName();
  return tr("Written to %1: %2.").arg(QFileInfo(files.value(0)).absolutePath(), names.join(QStringLiteral(", ")));
}

FigureDialog::FigureDialog(const QStringList& records, const QString& figure, QWidget* parent)
    : QDialog(parent),
      form_(new FigureForm(records, this)),
      preview_(new FigurePreview(this)),
      worker_(new FigureWorker(this)),
      said_(new QLabel(this)),
      save_(new QPushButton(tr("Save as…"), this)),
      stop_(new QPushButton(tr("Stop"), this)) {
  setWindowTitle(tr("Export figure"));
  setSizeGripEnabled(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, grid);
  layout->setSpacing(grid);
  auto* top = new QHBoxLayout;
  top->setSpacing(0);
  auto* scroll = new QScrollArea(this);
  scroll->setWidget(form_);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setMinimumWidth(form_->minimumSizeHint().width() + scroll->verticalScrollBar()->sizeHint().width());
  top->addWidget(scroll);
  top->addWidget(preview_, 1);
  layout->addLayout(top, 1);
  said_->setWordWrap(true);
  said_->setTextFormat(Qt::PlainText);
  said_->setContentsMargins(grid, 0, grid, 0);
  said_->hide();
  layout->addWidget(said_);
  auto* bottom = new QHBoxLayout;
  bottom->setContentsMargins(grid, 0, grid, 0);
  auto* load = new QPushButton(tr("Load template…"), this);
  auto* keep = new QPushButton(tr("Save as template…"), this);
  auto* close = new QPushButton(tr("Close"), this);
  for (QPushButton* button : {load, keep, stop_, close}) button->setAutoDefault(false);
  save_->setDefault(true);
  bottom->addWidget(load);
  bottom->addWidget(keep);
  bottom->addStretch(1);
  bottom->addWidget(stop_);
  bottom->addWidget(close);
  bottom->addWidget(save_);
  layout->addLayout(bottom);
  showWriting(false);

  viz::FigureTemplate first;
  first.kind = figure.toStdString();
  form_->setFigure(first);
  form_->restorePage(QSettings().value(page_key).toMap());
  soon_.setSingleShot(true);
  soon_.setInterval(80);
  connect(&soon_, &QTimer::timeout, this, &FigureDialog::draw);
  connect(form_, &FigureForm::changed, &soon_, qOverload<>(&QTimer::start));
  connect(preview_, &FigurePreview::resized, &soon_, qOverload<>(&QTimer::start));
  connect(worker_, &FigureWorker::previewed, preview_, &FigurePreview::setPicture);
  connect(worker_, &FigureWorker::previewFailed, preview_, &FigurePreview::setProblem);
  connect(worker_, &FigureWorker::written, this, [this](const QStringList& files) {
    showWriting(false);
    keepPage();
    say(written_text(files), false);
    for (const QString& file : files) Q_EMIT exported(file);
  });
  connect(worker_, &FigureWorker::notWritten, this, [this](const QString& problem, const QStringList& done) {
    showWriting(false);
    const QString rest =
        problem.isEmpty() ? (done.isEmpty() ? tr("Stopped; nothing is written.") : tr("Stopped.")) : problem;
    say(done.isEmpty() ? rest : written_text(done) + QLatin1Char(' ') + rest, !problem.isEmpty());
    for (const QString& file : done) Q_EMIT exported(file);
  });
  connect(save_, &QPushButton::clicked, this, &FigureDialog::chooseFile);
  connect(stop_, &QPushButton::clicked, worker_, &FigureWorker::cancelWriting);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(load, &QPushButton::clicked, this, [this] { chooseTemplate(false); });
  connect(keep, &QPushButton::clicked, this, [this] { chooseTemplate(true); });
  // The whole of a small screen, at most.
  const QSize screen_size = parent ? parent->screen()->availableSize() : screen()->availableSize();
  resize(QSize(1040, 680).boundedTo(screen_size - QSize(2 * grid, 4 * grid)));
  restoreGeometry(QSettings().value(QStringLiteral("figure/geometry")).toByteArray());
}

FigureDialog::~FigureDialog() = default;

void FigureDialog::done(int result) {
  QSettings().setValue(QStringLiteral("figure/geometry"), saveGeometry());
  keepPage();
  worker_->cancelWriting();
  QDialog::done(result);
}

void FigureDialog::keepPage() const { QSettings().setValue(page_key, form_->savePage()); }

void FigureDialog::setScreen(const viz::Ranges& ranges, const viz::ViewSettings& settings) {
  form_->setScreen(ranges);
  viz::FigureTemplate figure = form_->figure();
  figure.smoothing = settings.smoothing;
  figure.log_x = settings.log_x;
  figure.log_y = settings.log_y;
  figure.x_axis = settings.x_axis;
  figure.seed_means = settings.seed_means;
  figure.strip = settings.strip;
  for (const auto& part : settings.parts) {
    if (viz::has_part(figure.kind, part)) figure.parts.push_back(part);
  }
  form_->setFigure(figure);
}

void FigureDialog::draw() {
  const QStringList records = form_->records();
  if (records.isEmpty()) {
    preview_->setProblem(tr("No run is ticked."));
  } else {
    worker_->preview(records, form_->figure(), preview_->room());
  }
  save_->setEnabled(!records.isEmpty() && !form_->formats().isEmpty() && !worker_->writing());
  save_->setToolTip(form_->formats().isEmpty() ? tr("No format is ticked.") : QString());
}

void FigureDialog::chooseFile() {
  QSettings settings;
  const QString record = form_->records().value(0);
  const QString runs = QFileInfo(QFileInfo(record).absolutePath()).absolutePath();
  // The last one may be gone, or on a disk that is not there.
  const QString last = settings.value(QStringLiteral("figure/folder")).toString();
  const QString folder = QFileInfo(last).isDir() ? last : runs;
  const QString name = QString::fromStdString(form_->figure().kind);
  const QStringList formats = form_->formats();
  if (formats.isEmpty()) return;
  // The file dialog asks for one name; the others differ in their ending.
  const QString first = formats.front();
  QStringList patterns;
  for (const QString& format : formats) patterns << QStringLiteral("*.") + format;
  auto* dialog = new QFileDialog(
      this, tr("Export figure"), QDir(folder).filePath(name + QLatin1Char('.') + first),
      QStringLiteral("%1 (%2)").arg(formats.join(QStringLiteral(", ")).toUpper(), patterns.join(QLatin1Char(' '))));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(first);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    QSettings().setValue(QStringLiteral("figure/folder"), QFileInfo(file).absolutePath());
    const QStringList files = form_->filesFor(file);
    QStringList existing;
    for (const QString& other : files) {
      if (other != file && QFileInfo::exists(other)) existing << QFileInfo(other).fileName();
    }
    existing.isEmpty() ? write(files) : askToReplace(files, existing);
  });
  dialog->open();
}

void FigureDialog::askToReplace(const QStringList& files, const QStringList& existing) {
  auto* box = new QMessageBox(this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setWindowTitle(tr("Export figure"));
  box->setText(plain_text(tr("Replace %1?").arg(existing.join(QStringLiteral(", ")))));
  auto* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
  box->setDefaultButton(box->addButton(QMessageBox::Cancel));
  connect(replace, &QPushButton::clicked, this, [this, files] { write(files); });
  box->open();
}

void FigureDialog::chooseTemplate(bool save) {
  const QString folder = QSettings().value(QStringLiteral("figure/templates"), QDir::homePath()).toString();
  const QString name = QString::fromStdString(form_->figure().kind) + QStringLiteral(".toml");
  auto* dialog = new QFileDialog(this, save ? tr("Save as template") : tr("Load template"),
                                 save ? QDir(folder).filePath(name) : folder, tr("Figure templates (*.toml)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  if (save) {
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("toml"));
  } else {
    dialog->setFileMode(QFileDialog::ExistingFile);
  }
  connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& file) {
    QSettings().setValue(QStringLiteral("figure/templates"), QFileInfo(file).absolutePath());
    save ? saveTemplate(file) : loadTemplate(file);
  });
  dialog->open();
}

void FigureDialog::write(const QStringList& files) {
  if (worker_->writing() || files.isEmpty()) return;
  said_->hide();
  worker_->write(form_->records(), form_->figure(), files);
  showWriting(true);
}

void FigureDialog::saveTemplate(const QString& file) {
  try {
    viz::write_template(form_->figure(), file.toStdString());
    say(tr("%1 is written. bandscope export RUN… --template %1 --out FILE makes this figure again.").arg(file), false);
  } catch (const std::exception& problem) {
    say(translated(problem), true);
  }
}

void FigureDialog::loadTemplate(const QString& file) {
  try {
    form_->setFigure(viz::read_template(file.toStdString()));
    said_->hide();
  } catch (const std::exception& problem) {
    say(translated(problem), true);
  }
}

void FigureDialog::say(const QString& text, bool problem) {
  QPalette own = palette();
  if (problem) own.setColor(QPalette::WindowText, state_color(ShownState::failed, is_dark()));
  said_->setPalette(own);
  said_->setText(text);
  said_->show();
}

void FigureDialog::showWriting(bool on) {
  save_->setEnabled(!on);
  stop_->setVisible(on);
  if (on) say(tr("Writing…"), false);
}

}  // namespace bandscope::app
