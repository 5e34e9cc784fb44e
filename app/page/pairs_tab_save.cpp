// SPDX-License-Identifier: GPL-3.0-or-later
// The shown rows of the Pairs tab, to a file or to the clipboard.
#include <QBuffer>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QItemSelectionModel>
#include <QSaveFile>
#include <QSettings>
#include <QTableView>
#include <algorithm>

#include "app/base/number_text.h"
#include "app/language/translated.h"
#include "app/page/pair_export.h"
#include "app/page/pair_filter_bar.h"
#include "app/page/pair_model.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_choice.h"

namespace bandscope::app {
namespace {

/// Bytes of texts that are held while they are saved.
constexpr std::size_t most_text_bytes = std::size_t{256} << 20;
/// Rows that go to the clipboard: other programs take it whole.
constexpr std::size_t most_copied = 200'000;

}  // namespace

void PairsTab::chooseFile(bool with_texts) {
  const QString record = choice_->record();
  QSettings settings;
  const QString folder = settings.value(QStringLiteral("pairs/folder"), QFileInfo(record).absolutePath()).toString();
  const QString name = QStringLiteral("pairs-%1.csv").arg(answer_.last_step);
  auto* dialog = new QFileDialog(this, tr("Save pairs"), QDir(folder).filePath(name), tr("CSV (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("csv"));
  connect(dialog, &QFileDialog::fileSelected, this, [this, with_texts](const QString& file) {
    QSettings().setValue(QStringLiteral("pairs/folder"), QFileInfo(file).absolutePath());
    save(file, with_texts);
  });
  dialog->open();
}

void PairsTab::save(const QString& file, bool with_texts) {
  if (saving_) return;
  saving_ = true;
  filter_->setSaving(true);
  PairExport pairs{model_->rows(), model_->order(), runNames(), ',', nullptr};
  save_pool_.start(
      [this, pairs = std::move(pairs), file, with_texts, data = answer_.data, stop = save_stop_.get_token()]() mutable {
        QString problem;
        try {
          QHash<qint64, PairTextParts> texts;
          if (with_texts) {
            QSet<qint64> lines;
            for (const auto row : pairs.order) {
              const PairRow& pair = pairs.rows->first[row].row;
              lines << pair.row << pair.rejected_row();
            }
            texts = PairTexts::whole(data, lines, most_text_bytes, stop);
            pairs.texts = &texts;
          }
          if (stop.stop_requested()) return;  // the window goes: what is there stays as it was
          QSaveFile out(file);
          const bool written = out.open(QIODevice::WriteOnly) && write_pairs(out, pairs, stop) && out.commit();
          if (!written) problem = out.errorString();
        } catch (const std::exception& error) {
          problem = translated(error);
        }
        const int count = int(pairs.order.size());
        QMetaObject::invokeMethod(this, [this, file, problem, count] {
          saving_ = false;
          filter_->setSaving(false);
          Q_EMIT said(problem.isEmpty() ? tr("%n pairs saved to %1", nullptr, count).arg(file)
                                        : tr("The pairs were not saved: %1").arg(problem));
        });
      });
}

void PairsTab::copy() {
  PairExport pairs{model_->rows(), {}, runNames(), '\t', nullptr};
  const auto& order = model_->order();
  // By ranges: a selection of all rows has a million indexes.
  std::vector<std::pair<int, int>> ranges;
  std::size_t selected = 0;
  for (const auto& range : view_->selectionModel()->selection()) {
    ranges.emplace_back(range.top(), range.bottom());
    selected += std::size_t(range.height());
  }
  std::sort(ranges.begin(), ranges.end());
  if (selected > 1) {
    for (const auto& [top, bottom] : ranges)
      pairs.order.insert(pairs.order.end(), order.begin() + top, order.begin() + bottom + 1);
  } else {
    pairs.order = order;
  }
  if (pairs.order.size() > most_copied) {
    Q_EMIT said(
        tr("More than %1 pairs are too many for the clipboard: save them as CSV.").arg(count_text(most_copied)));
    return;
  }
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  write_pairs(buffer, pairs);
  QGuiApplication::clipboard()->setText(QString::fromUtf8(buffer.data()));
  Q_EMIT said(tr("%n pairs copied", nullptr, int(pairs.order.size())));
}

}  // namespace bandscope::app
