// SPDX-License-Identifier: Apache-2.0
#include "core/serve/protocol.h"

#include <algorithm>
#include <array>

#include "core/input/json.h"
#include "core/schema/message_json.h"

namespace bandscope::wire {
namespace {

constexpr std::array<std::pair<Refusal, std::string_view>, 8> words = {{{Refusal::version, "version"},
                                                                        {Refusal::unknown, "unknown"},
                                                                        {Refusal::request, "request"},
                                                                        {Refusal::outside, "outside"},
                                                                        {Refusal::missing, "missing"},
                                                                        {Refusal::replaced, "replaced"},
                                                                        {Refusal::busy, "busy"},
                                                                        {Refusal::failed, "failed"}}};

std::string line(const Json& message) { return message.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

bool is_of(const Json& value, FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return value.is_string();
    case FieldKind::count:
      return value.is_number_unsigned();
    case FieldKind::object:
      return value.is_object();
    case FieldKind::list:
      return value.is_array();
    case FieldKind::flag:
      return value.is_boolean();
  }
  return false;
}

Message kind_words(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return Message::tr("a string");
    case FieldKind::count:
      return Message::tr("a whole number >= 0");
    case FieldKind::object:
      return Message::tr("an object");
    case FieldKind::list:
      return Message::tr("a list");
    case FieldKind::flag:
      return Message::tr("true or false");
  }
  return {};
}

template <class Value>
Value member(const Json& object, const char* name, Value otherwise) {
  const auto at = object.find(name);
  if (at == object.end()) return otherwise;
  if (std::is_integral_v<Value> && !at->is_number_integer()) return otherwise;  // a real may be out of range
  try {
    return at->get<Value>();
  } catch (const Json::exception&) {
    return otherwise;
  }
}

constexpr std::size_t most_listed = 1024;

}  // namespace

std::string_view to_string(Refusal refusal) {
  return std::ranges::find(words, refusal, &std::pair<Refusal, std::string_view>::first)->second;
}

std::optional<Refusal> refusal_of(std::string_view word) {
  const auto at = std::ranges::find(words, word, &std::pair<Refusal, std::string_view>::second);
  return at == words.end() ? std::nullopt : std::optional(at->first);
}

std::string Request::text(std::string_view field) const {
  const auto at = fields.find(field);
  return at == fields.end() ? std::string() : at->get<std::string>();
}

std::uint64_t Request::count(std::string_view field, std::uint64_t otherwise) const {
  const auto at = fields.find(field);
  return at == fields.end() ? otherwise : at->get<std::uint64_t>();
}

bool Request::flag(std::string_view field) const {
  const auto at = fields.find(field);
  return at != fields.end() && at->get<bool>();
}

std::string request_line(std::uint64_t id, Ask ask, Json fields) {
  fields.update({{"v", kVersion}, {"id", id}, {"request", about(ask).name}});
  return line(fields);
}

Request read_request(std::string_view text, std::optional<std::uint64_t>& id) {
  auto parsed = try_json(text);
  if (!parsed || !parsed->is_object())
    throw Refused(Refusal::request, Message::tr("a request is a line with one JSON object"));
  Json& json = *parsed;
  if (const auto at = json.find("id"); at != json.end() && at->is_number_unsigned()) id = at->get<std::uint64_t>();
  const auto version = json.find("v");
  if (version == json.end() || !version->is_number_integer())
    throw Refused(Refusal::version, Message::tr("a request has the protocol's version under key \"v\""));
  if (version->get<std::int64_t>() != kVersion)
    throw Refused(Refusal::version,
                  Message::tr("version %1 of the protocol is asked for; this engine speaks version %2",
                              version->get<std::int64_t>(), kVersion));
  if (!id) throw Refused(Refusal::request, Message::tr("a request has a whole number >= 0 under key \"id\""));
  const auto name = json.find("request");
  if (name == json.end() || !name->is_string())
    throw Refused(Refusal::request, Message::tr("a request has its name under key \"request\""));
  const auto at = std::ranges::find(requests(), name->get_ref<const std::string&>(), &RequestAbout::name);
  if (at == requests().end())
    throw Refused(Refusal::unknown, Message::tr("this engine knows no request %1", short_dump(*name)));
  for (const Field& field : at->fields) {
    const auto value = json.find(field.name);
    if (value == json.end() && !field.needed) continue;
    if (value == json.end() || !is_of(*value, field.kind))
      throw Refused(Refusal::request,
                    Message::tr("request \"%1\": key \"%2\" must be %3", at->name, field.name, kind_words(field.kind)));
  }
  return {*id, at->ask, std::move(json)};
}

std::string answer_line(std::uint64_t id, Json fields) {
  fields.update({{"v", kVersion}, {"id", id}, {"ok", true}});
  return line(fields);
}

std::string refusal_line(std::optional<std::uint64_t> id, Refusal why, const Message& message) {
  Json answer = {{"v", kVersion},
                 {"ok", false},
                 {"refusal", to_string(why)},
                 {"error", message.english()},
                 {"message", to_json(message)}};
  answer["id"] = id ? Json(*id) : Json(nullptr);
  return line(answer);
}

std::string push_line(std::string_view push, Json fields) {
  fields.update({{"v", kVersion}, {"push", push}});
  return line(fields);
}

std::string hello_line(const Hello& hello) {
  Json devices = Json::array();
  for (const Device& device : hello.devices)
    devices.push_back({{"name", device.name},
                       {"about", device.about},
                       {"memory", device.memory},
                       {"free_memory", device.free_memory}});
  Json message({{"bandscope", "serve"},
                {"v", hello.version},
                {"program", hello.program},
                {"host", hello.host},
                {"now", hello.now},
                {"devices", devices},
                {"roots", hello.roots},
                {"folders", hello.folders},
                {"requests", hello.requests},
                {"limits", {{"line", kLongestLine}, {"chunk", kMostChunkBytes}, {"in_flight", kMostInFlight}}}});
  if (!hello.jobs.empty()) message["jobs"] = hello.jobs;
  return line(message);
}

std::optional<Hello> read_hello(std::string_view text) {
  const auto parsed = try_json(text);
  if (!parsed || !parsed->is_object() || member<std::string>(*parsed, "bandscope", "") != "serve") return std::nullopt;
  Hello hello;
  hello.version = member(*parsed, "v", 0);
  hello.program = member<std::string>(*parsed, "program", "");
  if (hello.version != kVersion)
    throw Refused(Refusal::version,
                  Message::tr("the engine there (%1) speaks version %2 of the protocol, this program version %3",
                              hello.program, hello.version, kVersion));
  hello.host = member<std::string>(*parsed, "host", "");
  hello.now = member(*parsed, "now", 0.0);
  hello.roots = member(*parsed, "roots", std::vector<std::string>());
  hello.folders = member(*parsed, "folders", std::vector<std::string>());
  hello.requests = member(*parsed, "requests", std::vector<std::string>());
  hello.jobs = member<std::string>(*parsed, "jobs", "");
  const Json devices = member(*parsed, "devices", Json::array());
  if (!devices.is_array() || devices.size() > most_listed || hello.roots.size() > most_listed ||
      hello.folders.size() > most_listed || hello.requests.size() > most_listed)
    throw Refused(Refusal::request, Message::tr("the engine there says what it is in a way that is not understood"));
  for (const Json& device : devices)
    if (device.is_object())
      hello.devices.push_back({member<std::string>(device, "name", ""), member<std::string>(device, "about", ""),
                               member<std::uint64_t>(device, "memory", 0),
                               member<std::uint64_t>(device, "free_memory", 0)});
  return hello;
}

}  // namespace bandscope::wire
