// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_values.h"

#include <cmath>

namespace bandscope::app {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double number_of(const PairCells& cells, PairValue value) {
  const PairRow& row = cells.row;
  switch (value) {
    case PairValue::line:
    case PairValue::text:
      return double(row.row);
    case PairValue::change_w:
      return cells.change_w();
    case PairValue::change_l:
      return cells.change_l();
    case PairValue::pathway:
      return cells.pathway() == Pathway::undefined ? nan : double(cells.pathway());
    case PairValue::z_w:
      return row.z_w;
    case PairValue::z_l:
      return row.z_l;
    case PairValue::margin:
      return row.z_w - row.z_l;
    case PairValue::log_r:
      return cells.log_r;
    case PairValue::band:
      return cells.band == BandPlace::undefined ? nan : double(cells.band);
    case PairValue::d_w:
      return row.d_w;
    case PairValue::d_l:
      return row.d_l;
    case PairValue::tokens_w:
      return double(row.tokens_w);
    case PairValue::tokens_l:
      return double(row.tokens_l);
    case PairValue::step:
      return double(row.step);
  }
  return nan;
}

std::vector<PairColumn> columns_of_two() {
  using enum PairValue;
  using enum PairSide;
  std::vector<PairColumn> columns{{line, first}, {text, first}};
  for (const PairValue value : {z_w, z_l, margin, log_r}) {
    for (const PairSide side : {first, second, difference}) columns.push_back({value, side});
  }
  for (const PairValue value : {pathway, band, step}) {
    for (const PairSide side : {first, second}) columns.push_back({value, side});
  }
  return columns;
}

}  // namespace

BandPlace band_place(double log_r, double lower, double upper) {
  if (std::isnan(log_r) || std::isnan(lower) || std::isnan(upper)) return BandPlace::undefined;
  if (log_r < lower) return BandPlace::below;
  return log_r > upper ? BandPlace::above : BandPlace::in;
}

const std::vector<PairColumn>& pair_columns(bool both) {
  using enum PairValue;
  static const std::vector<PairColumn> one{{line}, {text}, {change_w}, {change_l}, {pathway},
                                           {z_w},  {z_l},  {margin},   {log_r},    {band},
                                           {d_w},  {d_l},  {tokens_w}, {tokens_l}, {step}};
  static const std::vector<PairColumn> two = columns_of_two();
  return both ? two : one;
}

bool is_count(PairValue value) {
  return value == PairValue::line || value == PairValue::tokens_w || value == PairValue::tokens_l ||
         value == PairValue::step;
}

const char* pair_value_key(PairValue value) {
  switch (value) {
    case PairValue::line:
      return "line";
    case PairValue::text:
      return "text";
    case PairValue::change_w:
      return "z_w_change";
    case PairValue::change_l:
      return "z_l_change";
    case PairValue::pathway:
      return "pathway";
    case PairValue::z_w:
      return "z_w";
    case PairValue::z_l:
      return "z_l";
    case PairValue::margin:
      return "margin";
    case PairValue::log_r:
      return "log_r_applied";
    case PairValue::band:
      return "band";
    case PairValue::d_w:
      return "d_w";
    case PairValue::d_l:
      return "d_l";
    case PairValue::tokens_w:
      return "tokens_w";
    case PairValue::tokens_l:
      return "tokens_l";
    case PairValue::step:
      return "step";
  }
  return "";
}

double pair_number(const PairRows& rows, std::size_t row, PairColumn column) {
  switch (column.side) {
    case PairSide::first:
      return number_of(rows.first[row], column.value);
    case PairSide::second:
      return number_of(rows.second[row], column.value);
    case PairSide::difference:
      return number_of(rows.second[row], column.value) - number_of(rows.first[row], column.value);
  }
  return nan;
}

}  // namespace bandscope::app
