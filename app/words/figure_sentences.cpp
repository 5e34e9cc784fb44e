// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a figure, its template or what the window asked of its own files.
#include <QtGlobal>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr Sentence sentences[] = {
    {QT_TRANSLATE_NOOP("Engine", "Cannot write %1: %2."), "2"},
    {QT_TRANSLATE_NOOP("Engine", "The resolution is %1 dpi; allowed are 36 to 2400.")},
    {QT_TRANSLATE_NOOP("Engine", "A picture of that size does not fit into memory; ask for fewer dpi.")},
    {QT_TRANSLATE_NOOP("Engine", "A figure is 20 to 2,000 mm wide and 15 to 2,000 mm high.")},
    {QT_TRANSLATE_NOOP("Engine",
                       "Qt finds no font; install fonts-dejavu-core, or start with "
                       "QT_QPA_PLATFORM=offscreen")},
    {QT_TRANSLATE_NOOP("Engine", "its format must be .svg, .pdf, .png or .csv")},
    {QT_TRANSLATE_NOOP("Engine", "Name at least one run record to export a figure of.")},
    {QT_TRANSLATE_NOOP("Engine",
                       "The template's [runs] rule takes none of the %1 given runs: select = %2, "
                       "objectives = %3, names = %4.")},
    {QT_TRANSLATE_NOOP("Engine", "There is no figure \"%1\"; the figures are %2.")},
    {QT_TRANSLATE_NOOP("Engine", "The figure %1 has no part \"%2\"; its parts are %3.")},
    {QT_TRANSLATE_NOOP("Engine", "%1, line %2: %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be one of %2.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be one of %2, not \"%3\" (nearest: %4).")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be a list of texts.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be true or false.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be a table of AXIS = [least, greatest].")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be [least, greatest], two numbers in that order.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be a table, [%2].")},
    {QT_TRANSLATE_NOOP("Engine", "%1 must be %2."), "2"},
    {QT_TRANSLATE_NOOP("Engine", "the number of steps, 1 or more")},
    {QT_TRANSLATE_NOOP("Engine", "a momentum of 0 or more and less than 1")},
    {QT_TRANSLATE_NOOP("Engine", "15 to 2,000 millimetres, or 0 for what the panels need")},
    {QT_TRANSLATE_NOOP("Engine", "36 to 2,400 dots per inch")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not a key of a figure template; the nearest is %2.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 and page.width (line %2) both say the width; give one of them.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is missing; it is one of %2.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 has \"%2\"; the parts of %3 are %4.")},
    {QT_TRANSLATE_NOOP("Engine", "not TOML: %1.")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is no figure template: it is larger than 1 MiB.")},
    {QT_TRANSLATE_NOOP("Engine", "Cannot read the template %1: %2."), "2"},
    {QT_TRANSLATE_NOOP("Engine", "Cannot write the template %1: %2."), "2"},
    {QT_TRANSLATE_NOOP("Engine", "This build has no figure texts in the language %1; use language = \"en\".")},
    {QT_TRANSLATE_NOOP("Engine", "cannot make the folder %1 for the engine's output")},
    {QT_TRANSLATE_NOOP("Engine", "cannot start %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 has no engine.json that says which process to stop")},
    {QT_TRANSLATE_NOOP("Engine", "the run goes on at %1, not on this machine; stop it there")},
    {QT_TRANSLATE_NOOP("Engine", "the run's process has ended already")},
    {QT_TRANSLATE_NOOP("Engine", "cannot stop process %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "the settings name %1, which is not a program that can be run")},
    {QT_TRANSLATE_NOOP("Engine", "BANDSCOPE_ENGINE names %1, which is not a program that can be run")},
    {QT_TRANSLATE_NOOP("Engine",
                       "no bandscope-engine beside %1 or on PATH; build it with "
                       "BANDSCOPE_TRAINING=ON or name it in BANDSCOPE_ENGINE")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not a program that can be run")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the engine's answer is not understood; engine and window may be of "
                       "different versions")},
    {QT_TRANSLATE_NOOP("Engine", "byte %1: %2")},
    {QT_TRANSLATE_NOOP("Engine", "is not a JSON object with starred, tags and note")},
    {QT_TRANSLATE_NOOP("Engine", "key \"%1\" must be true or false")},
    {QT_TRANSLATE_NOOP("Engine", "key \"tags\" must be a list of strings")},
    {QT_TRANSLATE_NOOP("Engine", "key \"note\" must be a string")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be removed: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "a run has no text under key \"%1\"")},
    {QT_TRANSLATE_NOOP("Engine", "its folder cannot be made")},
    {QT_TRANSLATE_NOOP("Engine", "is in use by another window; try again")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be moved to %1")},
    {QT_TRANSLATE_NOOP("Engine", "the run %1 of this folder is in the queue already")},
    {QT_TRANSLATE_NOOP("Engine", "no file or folder %1")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is a folder without a run.h5")},
};

}  // namespace

std::span<const Sentence> figure_sentences() { return sentences; }

}  // namespace bandscope::app
