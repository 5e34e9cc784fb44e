// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a tokenizer or a chat template.
#include <QtGlobal>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr Sentence sentences[] = {
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, a list is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, an object is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 lacks the key \"%2\"")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, allowed are %3 to %4")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, %3 is needed"), "23"},
    {QT_TRANSLATE_NOOP("Engine", "true or false")},
    {QT_TRANSLATE_NOOP("Engine", "a whole number")},
    {QT_TRANSLATE_NOOP("Engine", "a list")},
    {QT_TRANSLATE_NOOP("Engine", "boolean")},
    {QT_TRANSLATE_NOOP("Engine", "array")},
    {QT_TRANSLATE_NOOP("Engine", "object")},
    {QT_TRANSLATE_NOOP("Engine", "string")},
    {QT_TRANSLATE_NOOP("Engine", "number")},
    {QT_TRANSLATE_NOOP("Engine", "%1 of type \"%2\" is not supported, BPE is needed")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not supported: ids would be random")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "%1 \"%2\" is not in the vocabulary")},
    {QT_TRANSLATE_NOOP("Engine", "%1 %2 is not in the vocabulary")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not two tokens with one space between them")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, \"a b\" or [\"a\", \"b\"] is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" is not in the vocabulary")},
    {QT_TRANSLATE_NOOP("Engine", "the vocabulary is empty")},
    {QT_TRANSLATE_NOOP("Engine", "the tokenizer's decoder makes text grow without bound")},
    {QT_TRANSLATE_NOOP("Engine", "the tokenizer's normalizer makes text grow without bound")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is empty, one character is needed")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is nested more than 16 deep")},
    {QT_TRANSLATE_NOOP("Engine", "%1 of type \"%2\" is not supported; known are %3")},
    {QT_TRANSLATE_NOOP("Engine", "text cannot be normalised: %1")},
    {QT_TRANSLATE_NOOP("Engine", "%1 \"%2\" is not known; allowed are %3")},
    {QT_TRANSLATE_NOOP("Engine", "a step after ByteLevel is not supported, it has to be the last")},
    {QT_TRANSLATE_NOOP("Engine", "the regular expression \"%1\" is not understood: %2")},
    {QT_TRANSLATE_NOOP("Engine", "regular expression \"%1\" failed on a text of %2 bytes: %3")},
    {QT_TRANSLATE_NOOP("Engine", "regular expression \"%1\" matches backwards, which a tokenizer cannot use")},
    {QT_TRANSLATE_NOOP("Engine", "%1 has no entry named \"default\"")},
    {QT_TRANSLATE_NOOP("Engine", "chat template, line %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "the template refuses these messages: %1")},
    {QT_TRANSLATE_NOOP("Engine", "the filter \"%1\" is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "the test \"%1\" is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "the tag \"%1\" is not supported, or closes nothing here")},
    {QT_TRANSLATE_NOOP("Engine", "'%1' is undefined")},
    {QT_TRANSLATE_NOOP("Engine", "found %1 where %2 is needed"), "12"},
    {QT_TRANSLATE_NOOP("Engine", "an expression")},
    {QT_TRANSLATE_NOOP("Engine", "the end of the template")},
    {QT_TRANSLATE_NOOP("Engine", "text or a tag")},
    {QT_TRANSLATE_NOOP("Engine", "division by zero")},
    {QT_TRANSLATE_NOOP("Engine", "a string is not closed")},
    {QT_TRANSLATE_NOOP("Engine", "the template takes too many steps")},
    {QT_TRANSLATE_NOOP("Engine", "the template nests too deep while it runs")},
    {QT_TRANSLATE_NOOP("Engine", "the template is larger than %1 bytes")},
    {QT_TRANSLATE_NOOP("Engine", "an expression is nested too deep")},
    {QT_TRANSLATE_NOOP("Engine", "blocks are nested too deep")},
    {QT_TRANSLATE_NOOP("Engine",
                       "tokenizer_config.json has add_bos_token = %1, but the post-processor of tokenizer.json adds "
                       "the BOS token: it counts, as in transformers 5")},
    {QT_TRANSLATE_NOOP("Engine",
                       "tokenizer_config.json has add_bos_token = %1, but the post-processor of tokenizer.json adds no "
                       "BOS token: it counts, as in transformers 5")},
    {QT_TRANSLATE_NOOP("Engine",
                       "a space is put before the text, as add_prefix_space of tokenizer_config.json (%1) says; "
                       "tokenizer.json says otherwise")},
    {QT_TRANSLATE_NOOP("Engine",
                       "no space is put before the text, as add_prefix_space of tokenizer_config.json (%1) says; "
                       "tokenizer.json says otherwise")},
    {QT_TRANSLATE_NOOP(
        "Engine", "%1 is a folder of the hub's cache; name the folder below its snapshots that holds tokenizer.json")},
    {QT_TRANSLATE_NOOP("Engine", "a message cannot be given to the chat template: %1")},
    {QT_TRANSLATE_NOOP("Engine", "byte-level BPE")},
    {QT_TRANSLATE_NOOP("Engine", "BPE with byte fallback")},
};

}  // namespace

std::span<const Sentence> text_sentences() { return sentences; }

}  // namespace bandscope::app
