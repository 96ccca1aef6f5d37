"""One command of the command line per file: HELP, arguments(parser), run(arguments) (命令)."""
