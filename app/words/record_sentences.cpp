// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a record, or with a log to import.
#include <QtGlobal>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr Sentence sentences[] = {
    {QT_TRANSLATE_NOOP("Engine", "cannot read %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "cannot read %1")},
    {QT_TRANSLATE_NOOP("Engine", "cannot write %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "cannot rewrite %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "cannot open %1 for writing: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "not a file")},
    {QT_TRANSLATE_NOOP("Engine", "%1, not a file"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "a folder")},
    {QT_TRANSLATE_NOOP("Engine", "a FIFO")},
    {QT_TRANSLATE_NOOP("Engine", "a socket")},
    {QT_TRANSLATE_NOOP("Engine", "a device")},
    {QT_TRANSLATE_NOOP("Engine", "it is larger than %1 MiB, more than such a file needs")},
    {QT_TRANSLATE_NOOP("Engine", "nested more than %1 deep at byte %2")},
    {QT_TRANSLATE_NOOP("Engine", "not a string")},
    {QT_TRANSLATE_NOOP("Engine", "not a single string")},
    {QT_TRANSLATE_NOOP("Engine", "not valid JSON (%1); one object per line is needed")},
    {QT_TRANSLATE_NOOP("Engine", "%1; one object per line is needed"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is of type %2; an object is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is of type %2; a number is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "log_history is of type %1; a list is needed"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1 has no step")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2; a whole number from 0 is needed")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2; a number from 0 is needed")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds no step")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds more than %2 steps")},
    {QT_TRANSLATE_NOOP("Engine", "longer than %1 MiB")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is empty, not a run record")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not a run record (not an HDF5 file)")},
    {QT_TRANSLATE_NOOP("Engine", "the file is damaged (%1)")},
    {QT_TRANSLATE_NOOP("Engine", "the record has no /steps")},
    {QT_TRANSLATE_NOOP("Engine", "the file is cut short (%1 of %2 bytes)")},
    {QT_TRANSLATE_NOOP("Engine", "the file is cut short (%1 of %2 bytes), %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 is an HDF5 file, but not a run record (its attribute format is not "
                       "\"%2\")")},
    {QT_TRANSLATE_NOOP("Engine", "format_version is not a single number")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is a run record of version %2; this program reads version %3")},
    {QT_TRANSLATE_NOOP("Engine", "/status/state is %1; allowed are 0 to 5")},
    {QT_TRANSLATE_NOOP("Engine", "/layers/names holds no texts of fixed length")},
    {QT_TRANSLATE_NOOP("Engine", "%1 whole steps read")},
    {QT_TRANSLATE_NOOP("Engine", "the writer was killed; %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1; %2 whole steps read"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1; its spec is not valid TOML: %2"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "its spec is not valid TOML: %1")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is being written by a running process")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is being replaced by another process")},
    {QT_TRANSLATE_NOOP("Engine", "nothing to repair; %1 steps")},
    {QT_TRANSLATE_NOOP("Engine", "repaired; %1 whole steps kept")},
    {QT_TRANSLATE_NOOP("Engine", "a column has more than two dimensions")},
    {QT_TRANSLATE_NOOP("Engine", "/%1 has no column step")},
    {QT_TRANSLATE_NOOP("Engine", "/%1 is shorter than /%2/step")},
    {QT_TRANSLATE_NOOP("Engine", "the record is closed")},
    {QT_TRANSLATE_NOOP("Engine", "the file exists already")},
    {QT_TRANSLATE_NOOP("Engine", "No such file or directory")},
    {QT_TRANSLATE_NOOP("Engine", "Permission denied")},
    {QT_TRANSLATE_NOOP("Engine", "No space left on device")},
    {QT_TRANSLATE_NOOP("Engine", "Disk quota exceeded")},
    {QT_TRANSLATE_NOOP("Engine", "Read-only file system")},
    {QT_TRANSLATE_NOOP("Engine", "Is a directory")},
    {QT_TRANSLATE_NOOP("Engine", "Not a directory")},
    {QT_TRANSLATE_NOOP("Engine", "File exists")},
    {QT_TRANSLATE_NOOP("Engine", "Input/output error")},
    {QT_TRANSLATE_NOOP("Engine", "Too many open files")},
    {QT_TRANSLATE_NOOP("Engine", "Cannot allocate memory")},
    {QT_TRANSLATE_NOOP("Engine", "No such process")},
    {QT_TRANSLATE_NOOP("Engine", "Operation not permitted")},
    {QT_TRANSLATE_NOOP("Engine", "File too large")},
    {QT_TRANSLATE_NOOP("Engine", "Connection refused")},
};

}  // namespace

std::span<const Sentence> record_sentences() { return sentences; }

}  // namespace bandscope::app
