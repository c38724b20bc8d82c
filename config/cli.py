"""The `menhu` command: Django's management commands on a data directory of one's choice."""

import os
import sys


def main() -> None:
    """Run `menhu COMMAND [--home DIR] …`; `--home` must be known before settings are read."""
    arguments = sys.argv[1:]
    if "--home" in arguments:
        at = arguments.index("--home")
        if at + 1 >= len(arguments):
            sys.exit("错误：--home 后面要写数据目录。")
        os.environ["MENHU_HOME"] = arguments[at + 1]
        del arguments[at : at + 2]
    arguments = [a for a in arguments if not _takes_home(a)]
    if arguments[:1] == ["demo"]:
        _try_out(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import CommandError, execute_from_command_line

    CommandError.__name__ = "错误"  # Django prints the class's name before the message; a clerk reads one Chinese line
    execute_from_command_line(["menhu", *arguments])


def _try_out(arguments: list[str]) -> None:
    """A trial on one's own machine speaks plain HTTP at the port that was asked for."""
    port = "8000"
    for at, argument in enumerate(arguments):
        if argument == "--port":
            port = "".join(arguments[at + 1 : at + 2])
        elif argument.startswith("--port="):
            port = argument.removeprefix("--port=")
    os.environ.setdefault("HTTPS", "off")
    os.environ.setdefault("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}")


def _takes_home(argument: str) -> bool:
    if argument.startswith("--home="):
        os.environ["MENHU_HOME"] = argument.removeprefix("--home=")
        return True
    return False


if __name__ == "__main__":
    main()
