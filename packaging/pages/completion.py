# SPDX-License-Identifier: Apache-2.0
"""A Command as what bash, zsh and fish complete it by: its options, the words that these take, its commands; else files."""


def every(command):
    """A command and those below it."""
    yield command
    for each in command.commands:
        yield from every(each)


def key(command):
    return " ".join(command.words[1:])


def quoted(text):
    """In single quotes, for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"


def bash(command):
    name, function = command.words[0], "_" + command.words[0].replace("-", "_")
    lines = ["# SPDX-License-Identifier: Apache-2.0", f"# What bash completes {name} by; made from its --help.", f"{function}() {{",
             '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command= word words=',
             "  COMPREPLY=()", '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do', '    case "$command/$word" in']
    for each in every(command):
        for below in each.commands:
            lines.append(f"      {quoted(key(each) + '/' + below.words[-1])}) command={quoted(key(below))} ;;")
    lines += ["    esac", "  done", '  case "$command/$previous" in']
    for each in every(command):
        for option in each.options:
            if option.value():
                pattern = "|".join(quoted(f"{key(each)}/{one}") for one in option.names)
                lines.append(f"    {pattern}) words={quoted(' '.join(option.choices()))} ;;")
    # Without words readline completes files, which is what most values are.
    lines += ["    *)", '      case "$command/$current" in']
    for each in every(command):
        options = " ".join(name for option in each.options for name in option.names)
        lines.append(f"        {quoted(key(each) + '/-')}*) words={quoted(options)} ;;")
        if each.commands:
            lines.append(f"        {quoted(key(each) + '/')}*) words={quoted(' '.join(below.words[-1] for below in each.commands))} ;;")
    lines += ["      esac ;;", "  esac", '  if [ -n "$words" ]; then mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"); fi',
              "}", f"complete -o bashdefault -o default -F {function} {name}"]
    return "\n".join(lines) + "\n"


def zsh(command):
    name = command.words[0]
    lines = [f"#compdef {name}", "# SPDX-License-Identifier: Apache-2.0", f"# What zsh completes {name} by; made from its --help.",
             "local context state state_descr line", "typeset -A opt_args"]
    return "\n".join(lines + zsh_arguments(command, "")) + "\n"


def zsh_arguments(command, indent):
    lines = [f"{indent}_arguments -C \\"]
    for option in command.options:
        about = option.about.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        value = ""
        if option.value():
            action = f"({' '.join(option.choices())})" if option.choices() else "_files"
            value = f":value:{action}"
        for one in option.names:
            repeated = "*" if option.repeated() else ""
            lines.append(f"{indent}  {quoted(f'{repeated}{one}[{about}]{value}')} \\")
    if not command.commands:
        return lines + [f"{indent}  '*:file:_files'"]
    first = f"_{command.words[0]}_first"
    described = [quoted(f"{each.words[-1]}:" + each.about[0].replace(":", "\\:")) for each in command.commands]
    lines = [f"{indent}{first}() {{", f"{indent}  local -a commands=({' '.join(described)})",
             f"{indent}  _describe -t commands command commands", f"{indent}  _files", f"{indent}}}", *lines]
    lines += [f"{indent}  '1:command or file:{first}' \\", f"{indent}  '*::argument:->rest' && return 0",
              f'{indent}case "$state/$line[1]" in']
    for each in command.commands:
        lines += [f"{indent}  rest/{each.words[-1]})", *zsh_arguments(each, indent + "    "), f"{indent}    ;;"]
    return lines + [f"{indent}  rest/*) _files ;;", f"{indent}esac"]


def fish(command):
    name = command.words[0]
    lines = ["# SPDX-License-Identifier: Apache-2.0", f"# What fish completes {name} by; made from its --help."]
    for each in every(command):
        below = " ".join(one.words[-1] for one in each.commands)
        inside = f"__fish_seen_subcommand_from {each.words[-1]}" if len(each.words) > 1 else ""
        outside = f"not __fish_seen_subcommand_from {below}" if below else ""
        condition = "; and ".join(part for part in (inside, outside) if part)
        start = f"complete -c {name}" + (f" -n {fish_quoted(condition)}" if condition else "")
        for option in each.options:
            names = "".join(f" -l {one[2:]}" if one.startswith("--") else f" -s {one[1:]}" for one in option.names)
            takes = ""
            if option.choices():
                takes = f" -x -a {fish_quoted(' '.join(option.choices()))}"
            elif option.value():
                takes = " -r -F"
            lines.append(f"{start}{names}{takes} -d {fish_quoted(option.about)}")
        for one in each.commands:
            lines.append(f"{start} -a {one.words[-1]} -d {fish_quoted(one.about[0])}")
    return "\n".join(lines) + "\n"


def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
