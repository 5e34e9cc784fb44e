// SPDX-License-Identifier: GPL-3.0-or-later
// Spec keys in words, translated, and where they stand in the form.
#pragma once

#include <QString>

#include "core/spec/run_spec.h"

namespace bandscope::app {

enum class FormSection { model, data, objective, calibration, training };

QString section_title(FormSection section);
FormSection section_of(const SpecKey& key);
/// Shown at once; the other keys are folded.
bool is_basic(const SpecKey& key);
QString spec_label(const SpecKey& key);
/// What the key is for, on a line.
QString spec_hint(const SpecKey& key);
/// The same, and what it takes.
QString spec_help(const SpecKey& key);

}  // namespace bandscope::app
