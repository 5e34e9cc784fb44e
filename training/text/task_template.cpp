// SPDX-License-Identifier: Apache-2.0
#include "training/text/task_template.h"

#include "core/error.h"
#include "core/input/printable.h"
#include "training/text/jinja_json.h"
#include "training/text/jinja_parser.h"
#include "training/text/jinja_render.h"

namespace bandscope::text {

struct TaskTemplate::Impl {
  std::string where;
  jinja::Body body;

  [[noreturn]] void fail(const jinja::TemplateError& error) const {
    const Message& said = error.message();
    throw DataError(
        Message::at(where, Message::tr("template, line %1: %2", error.line,
                                       said.is_sentence() ? said : Message::plain(printable(said.text())))));
  }
};

TaskTemplate::TaskTemplate(const std::string& source, std::string where) : impl_(std::make_unique<Impl>()) {
  impl_->where = std::move(where);
  try {
    impl_->body = jinja::parse(source, jinja::Dialect::task);
  } catch (const jinja::TemplateError& error) {
    impl_->fail(error);
  }
}

TaskTemplate::TaskTemplate(TaskTemplate&&) noexcept = default;
TaskTemplate::~TaskTemplate() = default;

std::string TaskTemplate::render(const nlohmann::ordered_json& document) const {
  try {
    std::int64_t bytes = 0;
    const jinja::Value variables = jinja::value_of(document, bytes);
    jinja::Budget budget;
    return jinja::render(impl_->body, variables.dict(), 0, budget, jinja::Dialect::task);
  } catch (const jinja::TemplateError& error) {
    impl_->fail(error);
  } catch (const jinja::ValueError& error) {
    throw DataError(Message::at(impl_->where, error.message()));
  }
}

}  // namespace bandscope::text
