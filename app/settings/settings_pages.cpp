// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of the settings dialog.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/smoothing_choices.h"
#include "app/settings/form_rows.h"
#include "app/settings/path_field.h"
#include "app/settings/servers_page.h"
#include "app/settings/settings_dialog.h"

namespace bandscope::app {
namespace {

constexpr int most_at_once = 64;
constexpr int choice_width = 24 * grid;

/// The first hues of a palette, as squares side by side.
QIcon hues(const QString& palette) {
  const viz::Theme theme = chart_theme(palette);
  const QColor colours[] = {theme.without_rc, theme.with_rc, theme.further[0], theme.further[1]};
  constexpr int side = 10, gap = 3;
  QPixmap picture(QSize(4 * side + 3 * gap, side) * 2);
  picture.setDevicePixelRatio(2);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  for (int i = 0; i < 4; ++i) painter.fillRect(i * (side + gap), 0, side, side, colours[i]);
  return QIcon(picture);
}

QDoubleSpinBox* seconds(const QString& suffix) {
  auto* box = new QDoubleSpinBox;
  box->setRange(least_ms / 1000.0, most_ms / 1000.0);
  box->setDecimals(1);
  box->setSingleStep(0.1);
  box->setSuffix(suffix);
  return box;
}

}  // namespace

void SettingsDialog::buildAppearance() {
  auto* form = addPage(tr("Appearance"));
  look_ = new QComboBox;
  look_->addItem(tr("As the system"), QStringLiteral("system"));
  look_->addItem(tr("Light"), QStringLiteral("light"));
  look_->addItem(tr("Dark"), QStringLiteral("dark"));
  form_row(form, tr("&Look"), look_, "look");
  language_ = new QComboBox;
  language_->addItem(tr("As the system"), QString());
  // A language is named in itself, so that one finds one's own.
  language_->addItem(QStringLiteral("English"), QStringLiteral("en"));
  language_->addItem(QStringLiteral("简体中文"), QStringLiteral("zh_CN"));
  form_row(form, tr("Lan&guage"), language_, "language");
  palette_ = new QComboBox;
  palette_->setIconSize(QSize(49, 10));
  for (const auto& [name, title] :
       {std::pair(QStringLiteral("okabe-ito"), tr("Okabe–Ito")), std::pair(QStringLiteral("grey"), tr("Greys"))}) {
    palette_->addItem(hues(name), title, name);
  }
  form_row(form, tr("&Colours of charts"), palette_, "palette");
  text_ = new QSpinBox;
  text_->setRange(least_chart_text, most_chart_text);
  text_->setSingleStep(10);
  text_->setSuffix(QStringLiteral(" %"));
  form_row(form, tr("&Text in charts"), text_, "chart-text");
  for (auto* box : {look_, language_, palette_}) box->setMinimumWidth(choice_width);
}

void SettingsDialog::buildCharts() {
  auto* form = addPage(tr("Charts"));
  smoothing_ = new QComboBox;
  for (const auto& [title, smoothing] : smoothing_choices()) {
    smoothing_->addItem(title);
    smoothings_.push_back(smoothing);
  }
  smoothing_->setMinimumWidth(choice_width);
  form_row(form, tr("&Smoothing"), smoothing_, "smoothing");
  form->addRow(QString(), form_note(tr("In all charts for which no other smoothing was chosen.")));
  charts_every_ = seconds(tr(" s"));
  form_row(form, tr("&Read live runs every"), charts_every_, "charts-every");
  follow_ = new QCheckBox(tr("&Follow a live run when it is opened"));
  follow_->setObjectName(QStringLiteral("follow"));
  form->addRow(QString(), follow_);
}

void SettingsDialog::buildLibrary() {
  auto* form = addPage(tr("Library"));
  auto* body = new QWidget;
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid / 2);
  folders_ = new QListWidget;
  folders_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  folders_->setTextElideMode(Qt::ElideMiddle);
  layout->addWidget(folders_, 1);
  auto* add = new QPushButton(tr("&Add…"));
  add->setObjectName(QStringLiteral("add-folder"));
  add->setAccessibleName(tr("Add folder of runs"));
  remove_ = new QPushButton(tr("Re&move"));
  remove_->setObjectName(QStringLiteral("remove-folder"));
  remove_->setToolTip(tr("The runs are no longer listed; their files stay."));
  auto* actions = new QHBoxLayout;
  for (auto* button : {add, remove_}) {
    button->setAutoDefault(false);
    actions->addWidget(button);
  }
  actions->addStretch(1);
  layout->addLayout(actions);
  form_row(form, tr("Folders of r&uns"), body, "folders", folders_);
  auto* key = new QAction(folders_);
  key->setShortcut(QKeySequence::Delete);
  key->setShortcutContext(Qt::WidgetShortcut);
  folders_->addAction(key);
  connect(key, &QAction::triggered, this, &SettingsDialog::removeFolders);
  connect(add, &QPushButton::clicked, this, &SettingsDialog::addFolder);
  connect(remove_, &QPushButton::clicked, this, &SettingsDialog::removeFolders);
  const auto update = [this] { remove_->setEnabled(!folders_->selectedItems().isEmpty()); };
  connect(folders_, &QListWidget::itemSelectionChanged, this, update);
  update();
  library_every_ = seconds(tr(" s"));
  form_row(form, tr("&Look for runs every"), library_every_, "library-every");
  ask_ = new QCheckBox(tr("As&k before runs are deleted"));
  ask_->setObjectName(QStringLiteral("ask-delete"));
  form->addRow(QString(), ask_);
  form->addRow(QString(), form_note(tr("They go to the trash or out of the queue; Undo puts them back.")));
}

void SettingsDialog::buildTraining() {
  auto* form = addPage(tr("Training"));
  engine_ = new PathField(PathField::Kind::program, tr("Engine"));
  form_row(form, tr("&Engine"), engine_, "engine", engine_->line());
  engine_->line()->setPlaceholderText(tr("found by itself"));
  engine_found_ = form_note({});
  engine_found_->setObjectName(QStringLiteral("engine-found"));
  // The variable wins, as for the command line.
  const bool named = !qEnvironmentVariableIsEmpty("BANDSCOPE_ENGINE");
  engine_->setEnabled(!named);
  form->addRow(QString(), engine_found_);
  if (named) form->addRow(QString(), form_note(tr("The environment variable BANDSCOPE_ENGINE names it.")));
  runs_ = new PathField(PathField::Kind::folder, tr("Folder of new runs"));
  form_row(form, tr("New runs &in"), runs_, "runs-folder", runs_->line());
  for (const auto& [device, count] : before_.at_once) {
    auto* box = new QSpinBox;
    box->setRange(1, most_at_once);
    box->setValue(count);
    box->setAccessibleName(tr("Runs at once on %1").arg(device));
    form_row(form, tr("At once on %1").arg(device), box, qPrintable(QStringLiteral("at-once-") + device));
    at_once_[device] = box;
  }
  models_ = new PathField(PathField::Kind::folder, tr("Folder of models"));
  form_row(form, tr("&Models in"), models_, "models", models_->line());
  data_ = new PathField(PathField::Kind::folder, tr("Folder of data"));
  form_row(form, tr("&Data in"), data_, "data", data_->line());
  for (auto* field : {models_, data_}) field->line()->setPlaceholderText(tr("where the last one was"));
  form->addRow(QString(),
               form_note(tr("Choosing a model or data starts there; its models are offered by themselves.")));
}

void SettingsDialog::buildServers() {
  servers_ = new ServersPage(before_.preferences.servers);
  addPage(tr("Servers"), servers_);
  connect(servers_, &ServersPage::changed, this, &SettingsDialog::check);
}

}  // namespace bandscope::app
