// SPDX-License-Identifier: Apache-2.0
// The table of requests.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/serve/protocol.h"

namespace bandscope::wire {
namespace {

using enum FieldKind;

constexpr Field run_field{"run", text, true, "the run's folder, or its record's file, below the folder of runs"};
constexpr Field generation_field{"generation", text, true, "of the record, as `record` said it"};
constexpr Field table_field{"table", text, true, "steps, pairs, probe, events, evaluation or layers"};
constexpr Field packed_field{"packed", flag, false, "answer `packed` rows, where `record` says `widths`"};
constexpr Field root_field{"root", text, true, "name of a folder, as in the hello"};
constexpr Field spec_field{"spec", text, true, "TOML; its paths are absolute, or relative to the folder of runs"};
constexpr Field sha_field{"sha256", text, true, "of the whole file: 64 lower-case hexadecimal digits"};

constexpr std::array page = {Field{"first", count, false, "items to leave out"}};
constexpr std::array run_only = {run_field};
constexpr std::array rows_fields = {run_field,
                                    generation_field,
                                    table_field,
                                    Field{"first", count, true, "row number, from 0"},
                                    Field{"count", count, true, "rows; fewer come where a chunk is full"},
                                    packed_field};
constexpr std::array coarse_fields = {run_field, generation_field, table_field,
                                      Field{"count", count, true, "rows at most; 2 or more"}, packed_field};
constexpr std::array digest_fields = {run_field, generation_field, table_field,
                                      Field{"first", count, true, "row number, from 0; of a digest's first row"},
                                      Field{"count", count, true, "rows"}};
constexpr std::array log_fields = {
    Field{"run", text, false, "as above"},
    Field{"engine", text, false, "in place of it: the output of an engine, as `start` named it"},
    Field{"from", count, false, "byte to begin at; without it the last 64 KiB"}};
constexpr std::array start_fields = {
    spec_field, Field{"in", text, false, "folder below the folder of runs that they are to be in; not of jobs"}};
constexpr std::array queue_fields = {spec_field};
constexpr std::array plan_fields = {spec_field, Field{"warm_up", flag, false, "measure the time of a step, too"}};
constexpr std::array control_fields = {run_field, Field{"order", object, true, "as the run's control socket takes it"}};
constexpr std::array label_fields = {
    run_field, Field{"labels", object, true, "starred, tags and note, each as it is to be; those left out stay"}};
constexpr std::array rename_fields = {run_field, Field{"name", text, true, "the new one"}};
constexpr std::array restore_fields = {Field{"trashed", text, true, "as `remove` named it"}};
constexpr std::array folder_fields = {root_field, Field{"path", text, true, "below it; may be empty"},
                                      Field{"first", count, false, "items to leave out"}};
constexpr std::array send_fields = {root_field, sha_field, Field{"bytes", count, true, "of the whole file"},
                                    Field{"name", text, true, "of the file; it is kept as SHA256-NAME"}};
constexpr std::array chunk_fields = {sha_field, Field{"at", count, true, "byte of the file that the chunk begins at"},
                                     Field{"data", text, true, "base64"}};
constexpr std::array data_fields = {
    Field{"root", text, false, "name of a folder, as in the hello"},
    Field{"path", text, false, "a data file or folder below it"},
    Field{"split", text, false, "which set of the folder"},
    Field{"run", text, false,
          "in place of these: the data that this run was trained on, while they are still the same"},
    Field{"rows", list, true, "row numbers, from 0, rising"}};
constexpr std::array evaluation_fields = {run_field, Field{"path", text, true, "a file, as `evaluations` named it"},
                                          Field{"from", count, true, "byte to begin at"}};

constexpr std::array set_fields = {
    Field{"paused", flag, false, "nothing waiting is started"},
    Field{"at_once", object, false, "runs at once by device; those left out stay"},
    Field{"order", list, false, "ids in the order in which they are to start; those left out follow"},
    Field{"take_out", list, false, "ids of runs that wait or failed; a job goes once Slurm has let go of it"}};

constexpr bool is_slow = true;

constexpr std::array<RequestAbout, 29> table = {{
    {Ask::runs, "runs", "Runs of the server, a page at a time.", page, "`runs`, `all` (how many there are)"},
    {Ask::watch, "watch", "From now on `changed` tells what becomes of runs.", {}, ""},
    {Ask::unwatch, "unwatch", "No longer.", {}, ""},
    {Ask::record, "record", "What a record is, but for its rows.", run_only,
     "`generation`, `spec`, `environment`, `layers` (names), `columns` (names by table), `widths` (bytes of a row's "
     "cells "
     "in these, by table), and what `grown` has"},
    {Ask::follow, "follow", "From now on `grown` tells that the record has new rows or another state.", run_only,
     "as `grown`"},
    {Ask::unfollow, "unfollow", "No longer.", run_only, ""},
    {Ask::rows, "rows", "Rows of a table from a row number on.", rows_fields,
     "`first`, `count`, `columns`: the cells of each as base64, int64 and float64 in little-endian order; or `packed`: "
     "those of all columns in the order that `record` says, where a cell has 8 bytes the first bytes of all cells, "
     "then "
     "the second ones, …, together deflated (zlib), as base64"},
    {Ask::coarse, "coarse",
     "Rows of a table at even distances, its first and last among them: a picture of a long run.", coarse_fields,
     "as of `rows`, and `of`: rows that there are"},
    {Ask::digests, "digests", "Whether rows are the same as others, without sending them.", digest_fields,
     "`digests`: SHA-256 of each 1024 rows: their columns in the table's order, the last ones of fewer rows", is_slow},
    {Ask::spec, "spec", "The spec that a run was started with.", run_only, "`spec`"},
    {Ask::log, "log", "A piece of a log.", log_fields, "`from`, `bytes` (of the log), `data` (base64)"},
    {Ask::start, "start", "Starts the runs of a spec, one after the other, in an engine of their own.", start_fields,
     "`runs` (names), `engine` (name of its log); where runs are jobs as `queue`"},
    {Ask::plan, "plan", "What the runs of a spec will take.", plan_fields, "`plans`", is_slow},
    {Ask::control, "control", "An order to a live run.", control_fields, "`answer` of the run"},
    {Ask::end, "end", "Stops the run's process or job, also where it does not listen yet.", run_only, ""},
    {Ask::labels, "labels", "Changes what the user says about a run.", label_fields, "`labels`"},
    {Ask::rename, "rename", "Gives a run that does not go on another name.", rename_fields, "`run`"},
    {Ask::remove, "remove", "Puts a run that does not go on into the folder `.trash` below the folder of runs.",
     run_only, "`trashed`"},
    {Ask::restore, "restore", "Puts it back where it was.", restore_fields, "`run`", is_slow},
    {Ask::purge, "purge", "Deletes for good what was put there.", restore_fields, "", is_slow},
    {Ask::folder, "folder", "What lies in a folder.", folder_fields,
     "`items` of `name`, `folder`, `bytes`, `changed` (ms since 1970), `model` (a folder with config.json); `all`"},
    {Ask::send, "send", "Announces a file, or goes on with one.", send_fields,
     "`have` (bytes that are there), `path` once the file is whole", is_slow},
    {Ask::send_chunk, "send_chunk", "The next bytes of an announced file.", chunk_fields, "as `send`", is_slow},
    {Ask::data_rows, "data_rows", "Rows of a data file.", data_fields, "`rows`: their texts as JSON, null where unread",
     is_slow},
    {Ask::queue, "queue", "Puts the runs of a spec into the server's queue, which goes on without a window.",
     queue_fields, "`runs` (names), `ids`"},
    {Ask::queued,
     "queued",
     "The queue.",
     {},
     "`queue`: `paused`, `at_once` by device, `all` that are in it and of them `runs` in their order, as many from its "
     "front as a message holds; one that waits and has a `job` waits in Slurm, for its `reason`"},
    {Ask::queue_set, "queue_set", "Changes the queue.", set_fields, "as `queued`"},
    {Ask::evaluations, "evaluations", "Files that a run keeps of its evaluations: scores and answers of every item.",
     run_only, "`files` of `path` (\"STEP/NAME\"), `bytes`, `changed` (ms since 1970)"},
    {Ask::evaluation_file, "evaluation_file", "A piece of such a file.", evaluation_fields,
     "`from`, `bytes` (of the file), `data` (base64)"},
}};

}  // namespace

std::span<const RequestAbout> requests() { return table; }

const RequestAbout& about(Ask ask) {
  const auto at = std::ranges::find(table, ask, &RequestAbout::ask);
  if (at == table.end()) throw std::logic_error("a request that is not in the table");
  return *at;
}

}  // namespace bandscope::wire
