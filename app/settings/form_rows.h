// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the settings' pages, all alike.
#pragma once

class QFormLayout;
class QLabel;
class QString;
class QWidget;

namespace bandscope::app {

void set_up_form(QFormLayout* form);

/// What a field means, under it.
QLabel* form_note(const QString& text);

/// A row whose label is also the field's name for screen readers. `name`: of the object that has the focus.
void form_row(QFormLayout* form, const QString& label, QWidget* field, const char* name, QWidget* focus = nullptr);

}  // namespace bandscope::app
