// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure/figure_worker.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <vector>

#include "app/figure/figure_titles.h"
#include "app/language/translated.h"
#include "viz/export/export_figure.h"
#include "viz/figure/figures.h"

namespace bandscope::app {

struct FigureWorker::Records {
  std::map<QString, viz::RunDataPtr> read;

  /// Empty when `stop` was asked for.
  std::vector<viz::RunDataPtr> get(const QStringList& records, const std::vector<Column>& columns,
                                   viz::KeptScores scores, std::stop_token stop) {
    std::vector<viz::RunDataPtr> runs;
    for (const QString& record : records) {
      viz::RunDataPtr& run = read[record];
      const bool whole = run && std::all_of(columns.begin(), columns.end(), [&](Column c) { return run->has(c); });
      const bool lacks = scores == viz::KeptScores::items && run && run->scores && run->scores->names_only;
      if (!whole || lacks) {
        auto now = viz::load_run_data(record.toStdString(), columns, stop, scores);
        if (!now) return {};
        run = std::move(now);
      }
      runs.push_back(run);
    }
    return runs;
  }
};

FigureWorker::FigureWorker(QObject* parent) : QObject(parent), records_(std::make_shared<Records>()) {
  pool_.setMaxThreadCount(1);
}

FigureWorker::~FigureWorker() {
  preview_stop_.request_stop();
  write_stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

void FigureWorker::preview(const QStringList& records, const viz::FigureTemplate& figure, QSize room) {
  preview_stop_.request_stop();
  preview_stop_ = {};
  const quint64 mine = ++wanted_;
  pool_.start([this, mine, records, figure, room, source = records_, stop = preview_stop_.get_token()] {
    QImage image;
    QSizeF size;
    QString problem;
    try {
      const auto runs = source->get(records, viz::template_columns(figure), viz::figure_scores(figure.kind), stop);
      if (stop.stop_requested()) return;
      const viz::Figure made = viz::template_figure(figure, runs, figure_language(figure.language));
      size = {made.width_mm, made.height_mm};
      const double dpi = 25.4 * std::min(room.width() / made.width_mm, room.height() / made.height_mm);
      if (stop.stop_requested()) return;
      image = viz::figure_image(made, std::clamp(dpi, 36.0, 600.0));
    } catch (const std::exception& error) {
      problem = translated(error);
    }
    QMetaObject::invokeMethod(this, [this, mine, image, size, problem] {
      if (mine != wanted_) return;
      if (problem.isEmpty()) {
        Q_EMIT previewed(image, size);
      } else {
        Q_EMIT previewFailed(problem);
      }
    });
  });
}

void FigureWorker::write(const QStringList& records, const viz::FigureTemplate& figure, const QStringList& files) {
  write_stop_ = {};
  writing_ = true;
  pool_.start([this, records, figure, files, stop = write_stop_.get_token()] {
    QString problem;
    QStringList done;
    try {
      std::vector<std::filesystem::path> paths;
      for (const QString& record : records) paths.emplace_back(record.toStdString());
      for (const QString& file : files) {
        if (!viz::run_export(paths, figure, file.toStdString(), figure_language(figure.language), stop)) break;
        done << file;
      }
    } catch (const std::exception& error) {
      problem = translated(error);
    }
    QMetaObject::invokeMethod(this, [this, files, problem, done] {
      writing_ = false;
      if (done == files) {
        Q_EMIT written(done);
      } else {
        Q_EMIT notWritten(problem, done);
      }
    });
  });
}

void FigureWorker::cancelWriting() { write_stop_.request_stop(); }

}  // namespace bandscope::app
