// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/token_text.h"

#include <QAbstractTextDocumentLayout>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextEdit>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/page/pair_text_view.h"
#include "app/page/token_legend.h"

namespace bandscope::app {
namespace {

double mean(const std::vector<TokenChange>& tokens, double TokenChange::*member) {
  double sum = 0;
  for (const auto& token : tokens) sum += token.*member;
  return tokens.empty() ? 0 : sum / double(tokens.size());
}

QTextCharFormat format_of(const TokenPiece& piece, const TokenScale& scale, const QPalette& palette) {
  QTextCharFormat format;
  format.setForeground(palette.text());
  format.setBackground(token_color(piece.change() / scale.full, is_dark()));
  QString tip = PairTextView::tr("%1\nlog-probability %2 → %3\nchange %4 nats")
                    .arg(piece.name, number_text(piece.before), number_text(piece.after), signed_text(piece.change()));
  if (!scale.holds(piece.change())) {
    format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
    format.setUnderlineColor(palette.color(QPalette::Text));
    tip += QLatin1Char('\n') + PairTextView::tr("beyond the colours' scale");
  }
  format.setToolTip(plain_text(tip));
  return format;
}

void write_part(QTextCursor& cursor, const QString& title, const std::vector<TokenChange>& tokens,
                const TokenScale& scale, const QPalette& palette) {
  if (!cursor.document()->isEmpty()) cursor.insertBlock();
  QTextCharFormat head;
  head.setFontWeight(QFont::DemiBold);
  cursor.insertText(title, head);
  const bool scored = !tokens.empty() && std::isfinite(tokens.front().before);
  QTextCharFormat quiet;
  quiet.setForeground(palette.placeholderText());
  if (scored) {
    const double before = mean(tokens, &TokenChange::before), after = mean(tokens, &TokenChange::after);
    cursor.insertText(
        QStringLiteral("   ") + PairTextView::tr("%n tokens, mean %1 → %2 (%3)", nullptr, int(tokens.size()))
                                    .arg(number_text(before), number_text(after), signed_text(after - before)),
        quiet);
  }
  cursor.insertBlock();
  for (const TokenPiece& piece : pieces_of(tokens)) {
    // A line break has no body to colour: its sign stands before it.
    QString text = piece.text;
    if (scored) text.replace(QLatin1Char('\n'), QStringLiteral("↵\n"));
    cursor.insertText(text, scored ? format_of(piece, scale, palette) : quiet);
  }
}

/// The responses are what differs: a long prompt's end stays in sight above the first of them.
void show_responses(QTextEdit& view, int at) {
  view.moveCursor(QTextCursor::Start);
  const auto block = view.document()->findBlock(at);
  const double top = view.document()->documentLayout()->blockBoundingRect(block).top();
  const int above = 3 * view.fontMetrics().lineSpacing();
  if (top > view.viewport()->height() / 2.0) view.verticalScrollBar()->setValue(int(top) - above);
}

}  // namespace

void write_tokens(QTextEdit& view, const PairTokens& pair, const TokenScale& scale) {
  view.clear();
  QTextCursor cursor(view.document());
  write_part(cursor, PairTextView::tr("Prompt"), pair.prompt, scale, view.palette());
  const int responses = cursor.position() + 1;
  write_part(cursor, PairTextView::tr("Chosen"), pair.chosen, scale, view.palette());
  if (!pair.rejected_prompt.empty())
    write_part(cursor, PairTextView::tr("Prompt of the rejected response"), pair.rejected_prompt, scale,
               view.palette());
  write_part(cursor, PairTextView::tr("Rejected"), pair.rejected, scale, view.palette());
  show_responses(view, responses);
}

void write_texts(QTextEdit& view, const PairTextParts& texts) {
  view.clear();
  QTextCursor cursor(view.document());
  QTextCharFormat head, plain, quiet;
  head.setFontWeight(QFont::DemiBold);
  quiet.setForeground(view.palette().placeholderText());
  const auto write = [&](const QString& title, const QString& text, const QTextCharFormat& format) {
    if (!cursor.document()->isEmpty()) cursor.insertBlock();
    cursor.insertText(title, head);
    cursor.insertBlock();
    cursor.insertText(text.trimmed(), format);
  };
  write(PairTextView::tr("Prompt"), texts.prompt, quiet);
  const int responses = cursor.position() + 1;
  write(PairTextView::tr("Chosen"), texts.chosen, plain);
  if (!texts.rejected_prompt.isEmpty())
    write(PairTextView::tr("Prompt of the rejected response"), texts.rejected_prompt, quiet);
  write(PairTextView::tr("Rejected"), texts.rejected, plain);
  show_responses(view, responses);
}

}  // namespace bandscope::app
