"""python -m asc_cld: the command line, as asc-cld where the package is installed."""

from asc_cld.command_line import run

if __name__ == "__main__":
    run()
