// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/data_panel.h"

#include <QCoreApplication>
#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include "app/base/amounts.h"
#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/launch/pair_example.h"
#include "app/library/run_cells.h"

namespace bandscope::app {
namespace {

struct FactStrings {
  Q_DECLARE_TR_FUNCTIONS(DataPanel)
};

constexpr int left_of_inputs = 144 + grid / 2;
constexpr double many_alike = 0.1;  // a share of the pairs that is worth a remark

QString three(const data::LengthSummary& lengths) {
  return QStringLiteral("%1 / %2 / %3")
      .arg(count_text(lengths.median), count_text(lengths.ninety), count_text(lengths.maximum));
}

/// Forms with names of their own keep them.
QString form_text(const std::string& form) {
  if (form == "conversations") return FactStrings::tr("conversations");
  if (form == "one response with a label") return FactStrings::tr("one response with a label");
  return QString::fromStdString(form);
}

/// Lines are counted from 1, as those of the example pairs.
QString skipped_text(const data::UnusableRow& skipped) {
  return FactStrings::tr("line %1: %2").arg(count_text(skipped.row + 1), translated(skipped.reason));
}

}  // namespace

QStringList data_facts(const DataSummary& look) {
  if (look.survey && look.first_rows)
    return {form_text(look.survey->form) + QStringLiteral(" · ") + FactStrings::tr("the first rows")};
  if (!look.survey || look.survey->pairs.empty()) return {};
  const auto& survey = *look.survey;
  const auto& summary = look.summary;
  const int pairs = int(survey.pairs.size());
  QStringList first{form_text(survey.form)};
  if (survey.files > 1) first << FactStrings::tr("%n files", nullptr, survey.files);
  const bool labelled = survey.desirable + survey.undesirable > 0;
  first << (labelled ? FactStrings::tr("%1 desirable and %2 undesirable responses")
                           .arg(count_text(survey.desirable), count_text(survey.undesirable))
                     : FactStrings::tr("%1 pairs", nullptr, pairs).arg(count_text(pairs)));
  if (look.reading) first << FactStrings::tr("so far, still reading…");
  QStringList facts{first.join(QStringLiteral(" · "))};
  facts << (survey.tokens ? FactStrings::tr("prompt %1, chosen %2, rejected %3 tokens (median / 90 % / longest)")
                          : FactStrings::tr("prompt %1, chosen %2, rejected %3 bytes (median / 90 % / longest)"))
               .arg(three(summary.prompt), three(summary.chosen), three(summary.rejected));
  if (labelled) return facts;
  facts << (survey.tokens ? FactStrings::tr("a pair's responses share %1 % of their tokens (median)")
                          : FactStrings::tr("a pair's responses share %1 % of their words (median)"))
               .arg(qRound(100 * summary.shared));
  if (summary.alike > 0) {
    facts.back() +=
        QStringLiteral(" · ") +
        FactStrings::tr("above 80 % in %1 pairs", nullptr, int(summary.alike)).arg(count_text(summary.alike));
  }
  return facts;
}

QStringList data_concerns(const DataSummary& look) {
  if (!look.survey || look.first_rows) return {};
  const auto& survey = *look.survey;
  const double pairs = double(survey.pairs.size());
  QStringList concerns;
  if (survey.unusable > 0) {
    concerns << FactStrings::tr("%1 rows are skipped", nullptr, int(survey.unusable)).arg(count_text(survey.unusable));
    for (std::size_t i = 0; i < survey.reasons.size() && i < 3; ++i) {
      concerns.back() += (i == 0 ? QStringLiteral(": ") : QStringLiteral("; ")) + skipped_text(survey.reasons[i]);
    }
  }
  if (look.summary.cut > 0) {
    concerns << FactStrings::tr("%1 pairs are longer than %2 tokens and are cut", nullptr, int(look.summary.cut))
                    .arg(share_text(double(look.summary.cut), pairs), count_text(look.options.max_length));
  }
  if (survey.identical > 0) {
    concerns << FactStrings::tr("%1 pairs have the same text as chosen and rejected", nullptr, int(survey.identical))
                    .arg(share_text(double(survey.identical), pairs));
  }
  if (double(look.summary.alike) > many_alike * pairs) {
    concerns << FactStrings::tr("responses that are nearly the same text displace likelihood most");
  }
  return concerns;
}

DataPanel::DataPanel(bool example, QWidget* parent)
    : QWidget(parent), problem_(new QLabel(this)), facts_(new QLabel(this)), concerns_(new QLabel(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(left_of_inputs, 0, 32 + grid / 2, 0);
  layout->setSpacing(grid / 2);
  for (auto* label : {problem_, facts_, concerns_}) {
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(label);
  }
  facts_->setForegroundRole(QPalette::PlaceholderText);
  if (example) {
    example_ = new PairExample(this);
    layout->addWidget(example_);
  }
  render();
}

QString DataPanel::problem() const { return problem_->text(); }
QString DataPanel::facts() const { return facts_->text(); }
QString DataPanel::concerns() const { return concerns_->text(); }

void DataPanel::show(const DataSummary& look) {
  look_ = look;
  render();
}

void DataPanel::setConcern(const Message& concern) {
  if (concern == concern_) return;
  concern_ = concern;
  render();
}

void DataPanel::render() {
  facts_->setText(data_facts(look_).join(QLatin1Char('\n')));
  facts_->setVisible(!facts_->text().isEmpty());
  QStringList lines;
  QStringList concerns = data_concerns(look_);
  if (!concern_.empty()) concerns.prepend(translated(concern_));
  for (const auto& concern : concerns) lines << QStringLiteral("△ ") + concern;
  concerns_->setText(lines.join(QLatin1Char('\n')));
  concerns_->setVisible(!lines.isEmpty());
  QStringList reasons;
  for (std::size_t i = 0; look_.survey && i < look_.survey->reasons.size(); ++i) {
    reasons << skipped_text(look_.survey->reasons[i]);
  }
  if (!reasons.isEmpty()) reasons << FactStrings::tr("The engine's log counts rows from 0: one less than the line.");
  concerns_->setToolTip(plain_text(reasons.join(QLatin1Char('\n'))));
  if (example_) example_->show(look_);
  const bool bad = !look_.problem.empty() && !look_.file.isEmpty();
  problem_->setText(bad ? translated(look_.problem) : QString());
  problem_->setVisible(bad);
  QPalette own;
  own.setColor(QPalette::WindowText, state_color(ShownState::failed, is_dark()));
  problem_->setPalette(own);
  setVisible(bad || look_.survey != nullptr);
}

void DataPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) render();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
