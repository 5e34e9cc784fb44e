// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a data file or one of its rows.
#include <QtGlobal>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr Sentence sentences[] = {
    {QT_TRANSLATE_NOOP("Engine", "has changed since the run was trained on it, so its rows may be other pairs")},
    {QT_TRANSLATE_NOOP("Engine",
                       "has no checkpoint yet; a run writes one at its end, when it is asked to, "
                       "and every [checkpoint] every steps")},
    {QT_TRANSLATE_NOOP("Engine", "--from and --to name the weights of one run; %1 are given")},
    {QT_TRANSLATE_NOOP("Engine", "has no embedding for token %1")},
    {QT_TRANSLATE_NOOP("Engine", "%1, row %2: %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "row %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds no data file; %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1; its folder %2 holds some"), "1"},
    {QT_TRANSLATE_NOOP("Engine",
                       "allowed is a folder of one data set, with files of one ending (%1), or one "
                       "such file")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds files of several kinds (%2); %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds more than one data set (%2); %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds %2 of the %3 shards of %4: number %5 is missing")},
    {QT_TRANSLATE_NOOP("Engine", "the folder cannot be read (%1)"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1, row %2 there: %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 of the %2 probe pairs are also training pairs: held-out figures would "
                       "flatter")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be opened for reading")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not gzip-compressed data")},
    {QT_TRANSLATE_NOOP("Engine", "the gzip file ends too early")},
    {QT_TRANSLATE_NOOP("Engine", "reading failed (%1)"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "reading failed")},
    {QT_TRANSLATE_NOOP("Engine", "%1 does not exist")},
    {QT_TRANSLATE_NOOP("Engine", "%1 does not exist; a model folder needs it")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the model names no EOS token (eos_token in tokenizer_config.json), which "
                       "every response ends with")},
    {QT_TRANSLATE_NOOP("Engine", "no usable pair in %1 rows")},
    {QT_TRANSLATE_NOOP("Engine", "no usable pair in %1 rows: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1; row %2: %3"), "13"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, a string is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is %2, an object with \"%3\" is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "a boolean")},
    {QT_TRANSLATE_NOOP("Engine", "an array")},
    {QT_TRANSLATE_NOOP("Engine", "an object")},
    {QT_TRANSLATE_NOOP("Engine", "null")},
    {QT_TRANSLATE_NOOP("Engine", "%1 lacks \"%2\"")},
    {QT_TRANSLATE_NOOP("Engine", "lacks \"%1\" (the row has %2)"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "the prompt of %1 ids leaves no room for a response in data.max_length = %2")},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 of %2 pairs are longer than the %3 positions of the model (the longest has %4 ids); "
                       "data.max_length cuts them")},
    {QT_TRANSLATE_NOOP("Engine", "no probe is evaluated: probe.every is set, data.probe is not")},
    {QT_TRANSLATE_NOOP("Engine", "no probe is evaluated: data.probe is set, probe.every is 0")},
    {QT_TRANSLATE_NOOP("Engine", "no keys")},
    {QT_TRANSLATE_NOOP("Engine", "the keys %1")},
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" is an empty list of messages")},
    {QT_TRANSLATE_NOOP("Engine", "the last message of \"%1\" has the role \"%2\", \"assistant\" is needed")},
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" has an empty response")},
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" is %2, a string or a list of messages is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine",
                       "\"chosen\" and \"rejected\" share no prompt: no \"\\n\\nAssistant:\" in the "
                       "text both begin with")},
    {QT_TRANSLATE_NOOP("Engine", "%1.from is \"%2\", allowed are human, user, gpt, assistant, system")},
    {QT_TRANSLATE_NOOP("Engine",
                       "these are KTO rows (one answer with a \"label\", %1): pairs are needed, "
                       "with \"chosen\" and \"rejected\" in each row"),
     "1"},
    {QT_TRANSLATE_NOOP("Engine", "there is no message before the response, so no prompt")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the rows are conversations, but the model has no chat template "
                       "(chat_template in tokenizer_config.json, or chat_template.jinja)")},
    {QT_TRANSLATE_NOOP("Engine", "the row is %1, an object is needed"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "\"chosen\" is %1 and \"rejected\" is %2, both must be of one kind"), "12"},
    {QT_TRANSLATE_NOOP("Engine", "\"conversations\" is %1, a list is needed"), "1"},
    {QT_TRANSLATE_NOOP("Engine",
                       "\"chosen\" and \"rejected\" share no prompt: they differ before their last "
                       "message")},
    {QT_TRANSLATE_NOOP("Engine", "the prompt is empty, or shares no token with both responses' texts")},
    {QT_TRANSLATE_NOOP("Engine", "%1 has no row %2")},
    {QT_TRANSLATE_NOOP("Engine", "nested more than %1 deep")},
    {QT_TRANSLATE_NOOP("Engine", "larger than %1 MiB")},
    {QT_TRANSLATE_NOOP("Engine", "not valid JSON (%1)")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is empty")},
    {QT_TRANSLATE_NOOP("Engine", "the JSON array ends too early, after %1 elements")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is an empty JSON array")},
    {QT_TRANSLATE_NOOP("Engine", "there is more after the end of the JSON array")},
    {QT_TRANSLATE_NOOP("Engine",
                       "unknown kind of data file; allowed are %1, .parquet, or a folder of such "
                       "files")},
    {QT_TRANSLATE_NOOP("Engine",
                       "this build was made without Arrow and cannot read Parquet; save the pairs "
                       "as .jsonl, or build with -DBANDSCOPE_ARROW_DIR (packaging/setup installs "
                       "Arrow)")},
    {QT_TRANSLATE_NOOP("Engine", "a text is not valid UTF-8")},
    {QT_TRANSLATE_NOOP("Engine", "a value is nested more than 16 deep")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds no rows")},
    {QT_TRANSLATE_NOOP("Engine", "not readable as Parquet (%1)")},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 has the columns %2; pairs need \"chosen\" and \"rejected\", and mostly "
                       "\"prompt\"")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the tokenizer gives id %1 (row %2 of the data) where the model has %3 "
                       "embeddings")},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 is a folder of the hub's cache; name the folder below its snapshots that holds the files")},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 holds .arrow files, as save_to_disk() of the Python package datasets writes them; write the "
                       "data with to_parquet(\"train.parquet\") or to_json(\"train.jsonl\") and name that file")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds no data set \"%2\"; there are %3 (data.split names one)")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds more than one data set (%2); %3, or data.split names one of the sets"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is no folder, so that data.split = \"%2\" cannot name a set of it")},
    {QT_TRANSLATE_NOOP("Engine", "%1 seems to be UTF-16 text (it has zero bytes); save it as UTF-8")},
    {QT_TRANSLATE_NOOP("Engine", "%1 seems to be UTF-16 text (it begins with its byte-order mark); save it as UTF-8")},
    {QT_TRANSLATE_NOOP("Engine", "%1 holds one JSON list, not a row on each line; name it .json")},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1 holds a JSON object over several lines; needed is a row on each line (.jsonl), or a list of "
                       "rows (.json): where the rows are in one of its fields, save that list alone")},
    {QT_TRANSLATE_NOOP("Engine", "%1.tool_calls is %2, a list is needed"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "\"tools\" is a text that is not valid JSON, a list of functions is needed")},
    {QT_TRANSLATE_NOOP("Engine", "\"tools\" is %1, a list of functions is needed"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1 has an empty response: the chat template writes nothing of it behind the prompt")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the model's chat template cannot be used for this pair: it writes the prompt in another way "
                       "once an answer follows")},
    {QT_TRANSLATE_NOOP(
        "Engine",
        "%1: more than %2 MiB are needed at once to read it; write it with smaller row groups (row_group_size)")},
    {QT_TRANSLATE_NOOP("Engine", "%1: its sizes are beyond what can be read")},
};

}  // namespace

std::span<const Sentence> data_sentences() { return sentences; }

}  // namespace bandscope::app
