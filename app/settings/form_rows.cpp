// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/form_rows.h"

#include <QFormLayout>
#include <QLabel>

#include "app/base/color_scheme.h"

namespace bandscope::app {

void set_up_form(QFormLayout* form) {
  form->setContentsMargins(0, 0, 0, 0);
  form->setHorizontalSpacing(2 * grid);
  form->setVerticalSpacing(grid);
  form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

QLabel* form_note(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
  label->setMinimumWidth(40 * grid);
  label->setForegroundRole(QPalette::PlaceholderText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

void form_row(QFormLayout* form, const QString& label, QWidget* field, const char* name, QWidget* focus) {
  auto* target = focus ? focus : field;
  target->setObjectName(QLatin1String(name));
  if (target->accessibleName().isEmpty()) {
    target->setAccessibleName(QString(label).remove(QLatin1Char('&')));
  }
  form->addRow(label, field);
  if (auto* text = qobject_cast<QLabel*>(form->labelForField(field))) text->setBuddy(target);
}

}  // namespace bandscope::app
