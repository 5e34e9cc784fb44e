// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "training/text/jinja_limits.h"
#include "training/text/jinja_parser.h"

namespace bandscope::text::jinja {
namespace {

using Names = std::initializer_list<const char*>;

class StatementParser {
 public:
  StatementParser(const std::string& source, Dialect dialect) : tokens_(lex(source, dialect)), expr_(tokens_, at_) {}

  Body run() {
    Body body = block({});
    if (expr_.peek().kind != TokenKind::end) expr_.fail_unexpected(Message::tr("the end of the template"));
    return body;
  }

 private:
  /// Statements up to a tag named in `ends`; that tag's "{%" and name are not taken.
  Body block(Names ends) {
    if (++nesting_ > kDeepestSource) expr_.fail(Message::tr("blocks are nested too deep"));
    Body body;
    while (expr_.peek().kind != TokenKind::end && !at_tag(ends)) {
      switch (expr_.peek().kind) {
        case TokenKind::text: {
          auto stmt = make(StmtKind::text);
          stmt->text = expr_.take().text;
          body.push_back(std::move(stmt));
          break;
        }
        case TokenKind::print_begin: {
          auto stmt = make(StmtKind::print);
          expr_.take();
          stmt->expr = expr_.tuple();
          end_of(TokenKind::print_end, "\"}}\"");
          body.push_back(std::move(stmt));
          break;
        }
        default:
          body.push_back(tag());
          break;
      }
    }
    --nesting_;
    return body;
  }

  bool at_tag(Names names) const {
    if (expr_.peek().kind != TokenKind::block_begin || tokens_[at_ + 1].kind != TokenKind::name) return false;
    const std::string& name = tokens_[at_ + 1].text;
    return std::any_of(names.begin(), names.end(), [&](const char* known) { return name == known; });
  }

  std::unique_ptr<Stmt> make(StmtKind kind) const {
    auto stmt = std::make_unique<Stmt>();
    stmt->kind = kind;
    stmt->line = expr_.peek().line;
    return stmt;
  }

  void end_of(TokenKind kind, const char* mark) {
    if (expr_.peek().kind != kind) expr_.fail_unexpected(mark);
    expr_.take();
  }
  void end_tag() { end_of(TokenKind::block_end, "\"%}\""); }

  /// Takes the whole tag {% name %} that closes what began at `line`.
  void close(const char* name, const char* opened, int line) {
    if (!at_tag({name})) {
      expr_.fail_unexpected("\"" + std::string(name) + "\" for the \"" + opened + "\" of line " + std::to_string(line));
    }
    expr_.take(), expr_.take();
    end_tag();
  }

  std::unique_ptr<Stmt> tag() {
    if (expr_.peek().kind != TokenKind::block_begin) expr_.fail_unexpected(Message::tr("text or a tag"));
    auto stmt = make(StmtKind::group);
    expr_.take();
    const std::string name = expr_.expect_name("the name of a tag");
    if (name == "if") {
      branch(*stmt);
      close("endif", "if", stmt->line);
    } else if (name == "for") {
      loop(*stmt);
    } else if (name == "set") {
      set(*stmt);
    } else if (name == "macro") {
      macro(*stmt);
    } else if (name == "generation") {  // marks what an assistant says, for masks; as text it is nothing
      end_tag();
      stmt->body = block({"endgeneration"});
      close("endgeneration", "generation", stmt->line);
    } else if (name == "break" || name == "continue") {
      if (loops_ == 0) throw TemplateError(stmt->line, "\"" + name + "\" is outside of a loop");
      stmt->kind = name == "break" ? StmtKind::stop : StmtKind::next;
      end_tag();
    } else {
      throw TemplateError(stmt->line, Message::tr("the tag \"%1\" is not supported, or closes nothing here", name));
    }
    return stmt;
  }

  void branch(Stmt& stmt) {
    stmt.kind = StmtKind::branch;
    stmt.expr = expr_.tuple();
    end_tag();
    stmt.body = block({"elif", "else", "endif"});
    if (at_tag({"elif"})) {
      if (++nesting_ > kDeepestSource) expr_.fail("an \"if\" has too many branches");
      auto inner = make(StmtKind::branch);
      expr_.take(), expr_.take();
      branch(*inner);
      stmt.otherwise.push_back(std::move(inner));
      --nesting_;
    } else if (at_tag({"else"})) {
      expr_.take(), expr_.take();
      end_tag();
      stmt.otherwise = block({"endif"});
    }
  }

  std::vector<std::string> targets() {
    const bool bracket = expr_.take_op("(");
    std::vector<std::string> names = {expr_.expect_name("the name of a variable")};
    while (expr_.take_op(",")) names.push_back(expr_.expect_name("the name of a variable"));
    if (bracket) expr_.expect_op(")");
    return names;
  }

  void loop(Stmt& stmt) {
    stmt.kind = StmtKind::loop;
    stmt.names = targets();
    if (!expr_.take_name("in")) expr_.fail_unexpected("\"in\"");
    stmt.expr = expr_.unconditional();
    if (expr_.is_op(",")) expr_.fail("a list without brackets after \"in\" is not supported");
    if (expr_.take_name("if")) stmt.condition = expr_.expression();
    if (expr_.is_name("recursive")) expr_.fail("\"recursive\" loops are not supported");
    end_tag();
    ++loops_;
    stmt.body = block({"else", "endfor"});
    --loops_;
    if (at_tag({"else"})) {
      expr_.take(), expr_.take();
      end_tag();
      stmt.otherwise = block({"endfor"});
    }
    close("endfor", "for", stmt.line);
  }

  void set(Stmt& stmt) {
    stmt.kind = StmtKind::set;
    stmt.names = targets();
    if (expr_.take_op(".")) {
      stmt.kind = StmtKind::set_attr;
      stmt.names.push_back(expr_.expect_name("the name of an attribute"));
    }
    if (expr_.take_op("=")) {
      stmt.expr = expr_.tuple();
      end_tag();
      return;
    }
    if (stmt.kind == StmtKind::set_attr || stmt.names.size() > 1) expr_.fail_unexpected("\"=\"");
    if (expr_.is_op("|")) expr_.fail("a filter on a \"set\" block is not supported");
    end_tag();
    stmt.body = block({"endset"});
    close("endset", "set", stmt.line);
  }

  void macro(Stmt& stmt) {
    stmt.kind = StmtKind::macro;
    stmt.macro = std::make_unique<Macro>();
    stmt.macro->name = expr_.expect_name("the name of a macro");
    expr_.expect_op("(");
    while (!expr_.is_op(")")) {
      std::string parameter = expr_.expect_name("the name of a parameter");
      stmt.macro->parameters.emplace_back(std::move(parameter), expr_.take_op("=") ? expr_.expression() : nullptr);
      if (!expr_.take_op(",")) break;
    }
    expr_.expect_op(")");
    end_tag();
    const int loops = std::exchange(loops_, 0);
    stmt.macro->body = block({"endmacro"});
    loops_ = loops;
    close("endmacro", "macro", stmt.line);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  ExpressionParser expr_;
  int nesting_ = 0;
  int loops_ = 0;
};

}  // namespace

Body parse(const std::string& source, Dialect dialect) { return StatementParser(source, dialect).run(); }

}  // namespace bandscope::text::jinja
