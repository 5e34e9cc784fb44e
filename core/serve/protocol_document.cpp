// SPDX-License-Identifier: Apache-2.0
#include "core/serve/protocol_document.h"

#include "core/serve/protocol.h"

namespace bandscope::wire {
namespace {

std::string_view kind_name(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return "string";
    case FieldKind::count:
      return "whole number";
    case FieldKind::object:
      return "object";
    case FieldKind::list:
      return "list";
    case FieldKind::flag:
      return "boolean";
  }
  return "";
}

std::string joined(std::string_view a, std::string_view b, std::string_view c = "") {
  std::string text(a);
  text += b;
  text += c;
  return text;
}

}  // namespace

std::string protocol_document() {
  std::string text = "<!-- SPDX-License-Identifier: Apache-2.0 -->\n# Between a window and a server\n\n";
  text +=
      "A window starts `ssh HOST bandscope-engine serve --stdio` and speaks with it over the standard streams, in JSON "
      "objects on\nlines of their own. This document is made from the tables of `core/serve/`; a test compares "
      "them.\n\n"
      "Version " +
      std::to_string(kVersion) + ". A line has at most " + std::to_string(kLongestLine) +
      " bytes; longer ones are thrown away and refused. A client has at most " + std::to_string(kMostInFlight) +
      "\nrequests in flight: the server reads no more before it could write its answers, so that a slow client costs "
      "it no memory.\nAt most " +
      std::to_string(kMostSlow) +
      " of them are slow ones, as said\nbelow: their answers may take their time, and come after those of later "
      "requests.\n\n## Far end\n\n"
      "First, the hello: `{\"bandscope\":\"serve\",\"v\":1,\"program\",\"host\",\"now\",\"devices\",\"roots\","
      "\"folders\",\"requests\",\"limits\"}`. Lines\nbefore it are of the login shell. `devices` have `name`, "
      "`about`, `memory` and `free_memory` in bytes (0: unknown). `folders` are\nwhere the roots lie there, in their "
      "order: a spec names files by these. `requests` are the names that\nthis engine knows: a window asks for no "
      "others. `jobs` is \"slurm\" where runs are jobs of Slurm, and\nmissing where they are processes of the host.\n\n"
      "Then, for each request, one answer: `{\"v\":1,\"id\":N,\"ok\":true,…}` or `{\"v\":1,\"id\":N,\"ok\":false,"
      "\"refusal\":WORD,\"error\":TEXT,\n\"message\":…}`, the error in English and with its values. `id` is null where "
      "the request had none. Members that one does not know\nare left alone, on both sides.\n\n"
      "In between, once they are asked for:\n\n"
      "- `{\"v\":1,\"push\":\"changed\",\"runs\":[…],\"gone\":[…]}` (`watch`): runs as in `runs`, and paths of those "
      "that went.\n"
      "- `{\"v\":1,\"push\":\"grown\",\"run\":…,\"generation\":…,\"rows\":{TABLE:N},\"state\":…,\"heartbeat\":…,"
      "\"shown\":…}` (`follow`): `state` is a number as in\n  the record, `shown` the word for what the run is, judged "
      "by "
      "the server's clock and processes.\n"
      "- `{\"v\":1,\"push\":\"queue\",\"queue\":…}` (`watch`): the queue as in `queued`.\n\n"
      "A push is made when the one before it was written, so it tells what is then, and leaves out what was in "
      "between.\n\n## Paths\n\nRuns are named by their path below the folder of runs, other files by a root of the "
      "hello "
      "and a path below it. A path that\nleads out of its root, also by a link, is refused (`outside`); so is a spec "
      "that names a model or data elsewhere.\n\n## A copy of a record\n\n"
      "`record`, then `rows` from the number of rows that the copy has. A `generation` is one file: where a resumed "
      "run "
      "put another into\nits place, `rows` are refused (`replaced`); `digests` tell which rows of the copy are still "
      "the "
      "same, from " +
      std::to_string(kDigestRows) + " to " + std::to_string(kDigestRows) +
      ".\nOf a long record that is opened for the first time, `coarse` rows are drawn until all rows of `steps` are "
      "there.\n\n## Refusals\n\n";
  for (int i = 0; i <= static_cast<int>(Refusal::failed); ++i)
    text += joined(i == 0 ? "`" : ", `", to_string(static_cast<Refusal>(i)), "`");
  text += "\n\n## Requests\n\n`{\"v\":1,\"id\":N,\"request\":NAME,…}`\n";
  for (const RequestAbout& request : requests()) {
    text += joined("\n### ", request.name, "\n\n");
    text += joined(request.meaning, "\n");
    if (!request.fields.empty()) text += "\n";
    for (const Field& field : request.fields) {
      text += joined("- `", field.name, "`");
      text += joined(" (", kind_name(field.kind), field.needed ? "): " : ", may be missing): ");
      text += joined(field.meaning, "\n");
    }
    if (!request.answer.empty()) text += joined("\nAnswer: ", request.answer, ".\n");
    if (request.slow) text += "\nSlow.\n";
  }
  return text;
}

}  // namespace bandscope::wire
