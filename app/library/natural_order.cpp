// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/natural_order.h"

namespace bandscope::app {
namespace {

/// The end of the number that begins at `at`: digits, a fraction, an exponent; `at` itself where none does.
qsizetype number_end(const QString& text, qsizetype at) {
  const auto digit = [&](qsizetype i) { return i < text.size() && text[i] >= u'0' && text[i] <= u'9'; };
  if (!digit(at)) return at;
  const auto past_digits = [&](qsizetype i) {
    while (digit(i)) ++i;
    return i;
  };
  qsizetype end = past_digits(at);
  if (end < text.size() && text[end] == u'.' && digit(end + 1)) end = past_digits(end + 1);
  if (end < text.size() && (text[end] == u'e' || text[end] == u'E')) {
    const bool sign = end + 1 < text.size() && (text[end + 1] == u'-' || text[end + 1] == u'+');
    if (digit(end + 1 + sign)) end = past_digits(end + 1 + sign);
  }
  return end;
}

qsizetype text_end(const QString& text, qsizetype at) {
  while (at < text.size() && number_end(text, at) == at) ++at;
  return at;
}

}  // namespace

int natural_compare(const QString& a, const QString& b) {
  qsizetype i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const qsizetype a_text = text_end(a, i), b_text = text_end(b, j);
    if (const int order = QString::localeAwareCompare(a.mid(i, a_text - i), b.mid(j, b_text - j)); order != 0)
      return order;
    const qsizetype a_number = number_end(a, a_text), b_number = number_end(b, b_text);
    if (a_number > a_text && b_number > b_text) {
      const double x = a.mid(a_text, a_number - a_text).toDouble(), y = b.mid(b_text, b_number - b_text).toDouble();
      if (x != y) return x < y ? -1 : 1;
    } else if (a_number > a_text || b_number > b_text) {
      return a_number > a_text ? 1 : -1;  // the other one ends here
    }
    i = a_number, j = b_number;
  }
  if (i < a.size() || j < b.size()) return i < a.size() ? 1 : -1;
  return QString::localeAwareCompare(a, b);  // "1.0" and "1" are two names
}

}  // namespace bandscope::app
