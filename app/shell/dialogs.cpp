// SPDX-License-Identifier: GPL-3.0-or-later
// The window's dialogs: opening, exporting, shortcuts, about. All are asynchronous.
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/message_width.h"
#include "app/figure/figure_dialog.h"
#include "app/help/glossary.h"
#include "app/library/run_library.h"
#include "app/page/chart_tab.h"
#include "app/page/run_page.h"
#include "app/shell/main_window.h"
#include "core/build_info.h"

namespace bandscope::app {

namespace {

/// Where a dialog opens: the folder, or, as long as there is none, the nearest above it.
QString place_for(const QString& folder) {
  QDir place(folder);
  while (!place.exists() && !place.isRoot()) place.setPath(QFileInfo(place.absolutePath()).absolutePath());
  return place.absolutePath();
}

}  // namespace

void MainWindow::askOpenRecords() {
  auto* dialog = new QFileDialog(
      this, tr("Open record"), place_for(defaultRunsFolder()),
      tr("Records, specs, logs of other trainers (*.h5 *.toml *.json *.jsonl);;Run records (*.h5);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::open);
  dialog->open();
}

void MainWindow::askOpenFolder() {
  auto* dialog = new QFileDialog(this, tr("Add folder of runs"), place_for(defaultRunsFolder()));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) { open({folder}); });
  dialog->open();
}

void MainWindow::askStartSpec() {
  auto* dialog =
      new QFileDialog(this, tr("Start from spec file"), place_for(defaultRunsFolder()), tr("Run specs (*.toml)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openSpec);
  dialog->open();
}

void MainWindow::exportFigure(const QString& figure) {
  if (page_->records().isEmpty()) return;
  auto* dialog = new FigureDialog(page_->records(), figure, this);
  if (const ChartTab* charts = page_->charts()) {
    viz::ViewSettings settings = charts->view()->settings();
    if (charts->figure() != figure) settings.parts.clear();  // parts of the two may have one name
    dialog->setScreen(charts->view()->shownRanges(), settings);
  }
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &FigureDialog::exported, this,
          [this](const QString& file) { Q_EMIT page_->said(tr("%1 is written.").arg(file)); });
  dialog->open();
}

void MainWindow::showGlossary() {
  auto* glossary = findChild<Glossary*>();
  if (!glossary) {
    glossary = new Glossary(this);
    glossary->setAttribute(Qt::WA_DeleteOnClose);
  }
  glossary->show();
  glossary->raise();
  glossary->activateWindow();
  glossary->search()->setFocus();
}

void MainWindow::showShortcuts() {
  auto* box = new QDialog(this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setWindowTitle(tr("Keyboard and mouse"));
  const QPair<QString, QString> rows[] = {
      {tr("Wheel"), tr("zoom the steps at the cursor")},
      {tr("Ctrl + wheel"), tr("zoom the values")},
      {tr("Drag"), tr("move the view")},
      {tr("Right drag, Shift + drag"), tr("zoom into a box")},
      {tr("Double click, Home"), tr("show all")},
      {tr("Backspace"), tr("zoom back")},
      {tr("Left, right, up, down"), tr("move the view")},
      {tr("Shift + left, Shift + right"), tr("move the cursor a step")},
      {tr("+ and −"), tr("zoom in and out")},
      {tr("Space"), tr("replay, pause")},
      {tr("[ and ]"), tr("previous and next event")},
      {QStringLiteral("M"), tr("one chart alone, and back")},
      {QStringLiteral("F, Esc"), tr("the dashboard on the whole screen, and back")},
      {QStringLiteral("Ctrl+Z, Ctrl+Shift+Z"), tr("undo and redo a change of the view or of the library")},
      {QStringLiteral("Ctrl+,"), tr("settings")},
      {QStringLiteral("Ctrl+F"), tr("filter runs")},
      {tr("Esc in the list"), tr("clear the filter")},
      {QStringLiteral("Ctrl+D, Ctrl+T, Ctrl+M"), tr("star, tags and note of the selected runs")},
      {tr("F2, Delete"), tr("rename, move to the trash")},
      {tr("Alt + up, Alt + down"), tr("order of the queue")},
      {QStringLiteral("Ctrl+N"), tr("new experiment")},
      {tr("Ctrl+Return, Ctrl+Shift+Return"), tr("start the new experiment, or add it to the queue")},
      {tr("Ctrl+Return in Answers"), tr("send the prompt")},
      {QStringLiteral("Ctrl+O"), tr("open record")},
      {QStringLiteral("Ctrl+R"), tr("start from spec file")},
      {QStringLiteral("Ctrl+E"), tr("export figure")},
      {QStringLiteral("Ctrl+."), tr("stop the run, asked before")},
      {QStringLiteral("Ctrl+PgUp, Ctrl+PgDown"), tr("previous and next tab")},
      {QStringLiteral("F11"), tr("the window on the whole screen")},
      {QStringLiteral("F5"), tr("look for runs again")},
  };
  // Two columns side by side: one would be higher than a small screen.
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, 2 * grid);
  auto* table = new QGridLayout;
  table->setHorizontalSpacing(2 * grid);
  table->setVerticalSpacing(grid / 2);
  const int all = int(std::size(rows)), half = (all + 1) / 2;
  for (int i = 0; i < all; ++i) {
    const auto& [keys, meaning] = rows[i];
    auto* key = new QLabel(keys, box);
    auto* says = new QLabel(meaning, box);
    QFont bold = key->font();
    bold.setWeight(QFont::DemiBold);
    key->setFont(bold);
    says->setWordWrap(true);
    says->setMinimumWidth(17 * grid);
    const int column = i < half ? 0 : 3;
    table->addWidget(key, i % half, column, Qt::AlignTop);
    table->addWidget(says, i % half, column + 1, Qt::AlignTop);
  }
  table->setColumnMinimumWidth(2, 2 * grid);
  table->setColumnStretch(1, 1);
  table->setColumnStretch(4, 1);
  layout->addLayout(table);
  layout->addSpacing(grid);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, box);
  connect(buttons, &QDialogButtonBox::rejected, box, &QDialog::reject);
  layout->addWidget(buttons);
  box->open();
}

void MainWindow::showAbout() {
  auto* box = new QMessageBox(this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setWindowTitle(tr("About Bandscope"));
  box->setIconPixmap(windowIcon().pixmap(64, 64));
  box->setText(
      tr("<h3>Bandscope %1</h3><p>See, compare and steer what preference optimization does to a language model.</p>")
          .arg(QString::fromStdString(std::string(build_version()))));
  box->setInformativeText(
      tr("Commit %1 · Qt %2 · HDF5 %3 · run record format 1\n\n"
         "The application is free software under the GNU General Public License, version 3 or later; "
         "engine and core under the Apache License 2.0.")
          .arg(QString::fromStdString(std::string(build_commit())), QString::fromLatin1(qVersion()),
               QString::fromLatin1(BANDSCOPE_HDF5_VERSION)));
  widen(box, 60);  // after its texts, which lay it out anew
  box->open();
}

}  // namespace bandscope::app
