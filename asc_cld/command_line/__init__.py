"""The command line of the project, asc-cld: the same commands with the same options on all systems.

Every command reads council.yml first (asc_cld/settings.py). Exit codes: 0 done; 1 something failed, or was not
found, and was named; 2 nothing was begun.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from asc_cld import settings
from asc_cld.command_line import dbt_run, doctor, first_day
from asc_cld.plainly import READER_GONE, plainly

app = typer.Typer(
    name="asc-cld",
    help="From a council's case records to the Client Level Data return, with every check run.",
    epilog="Exit codes: 0 done; 1 something failed and was named; 2 nothing was begun.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


class OurConsole(Console):
    """Ends with the code of all commands where whoever read the output went away (asc_cld/plainly.py)."""

    def on_broken_pipe(self) -> None:
        try:
            super().on_broken_pipe()
        except SystemExit:
            raise SystemExit(READER_GONE) from None


# :m: is a part of a time and no picture.
console = OurConsole(emoji=False)
errors = Console(stderr=True, emoji=False)


class Engine(StrEnum):
    """What computes the checks and measures."""

    DUCKDB = "duckdb"
    SPARK = "spark"


# Nobody takes the demo's return for their own because their folder has no council.yml.
INVENTED = (
    "These were the extracts of the invented council, since no extracts_path is set. Your own: asc-cld init"
)
MAKE, LOOK, SEND, ORDER = "Make the return", "Look closer", "Send and keep", "Set up"

CouncilFile = Annotated[
    Path | None,
    typer.Option("--council", metavar="FILE", help="The council's settings (default: council.yml here)."),
]
Vars = Annotated[
    str,
    typer.Option("--vars", metavar="YAML", help="Settings of this run only, such as '{force_draft: true}'."),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show dbt's own log.")]
Database = Annotated[
    Path | None,
    typer.Option(
        "--database", metavar="FILE", help="The built database (default: the setting database_path)."
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--folder", metavar="FOLDER", help="Where to write (default: in output_path).")
]
Landed = Annotated[
    Path | None,
    typer.Option(
        "--landed", metavar="FOLDER", help="The same files as `land --submissions` has landed them."
    ),
]
EngineOption = Annotated[
    Engine, typer.Option("--engine", help="What computes; Spark for many councils (docs/scale.md).")
]
Results = Annotated[
    Path | None,
    typer.Option(
        "--results",
        metavar="FOLDER",
        help="Tables as Parquet, council by council; only what is new is computed (docs/scale.md).",
    ),
]
Identifiers = Annotated[
    bool, typer.Option("--with-identifiers", help="Also show names, NHS numbers and other identifiers.")
]


def run() -> None:
    """The entry point of asc-cld."""
    sys.exit(plainly("asc-cld")(app)())


def stop(sentence: str, code: int = 2) -> typer.Exit:
    """Says why nothing is done, and gives what ends the command: raise it."""
    errors.print(sentence, markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


def begin(council: Path | None, given_vars: str = "", folders_are_there: bool = True) -> dict[str, Any]:
    """Reads the settings and hands them to all that runs in this process; gives those of --vars."""
    if council:
        if not council.is_file():
            raise stop(f"--council names {council}, and there is no such file")
        os.environ[settings.FILE_VARIABLE] = str(council)
    named = vars_of(given_vars)
    settings.do_without(*settings.blank_in(named))
    try:
        path = settings.find_council()
        found = settings.read_council(path, folders_are_there) if path else None
    except settings.SettingsError as error:
        raise stop(f"Nothing was begun.\n{error}") from None
    problems = settings.misspelt_variables(os.environ) + settings.misspelt_vars(named)
    if problems:
        raise stop("Nothing was begun.\n" + "\n".join(problems))
    settings.hand_over(found)
    settings.connector_stands_in(found, named)
    settings.demo_stands_in()
    return named


def vars_of(text: str) -> dict[str, Any]:
    """--vars as a dict. Ends the command where it is no YAML of the form {setting: value}."""
    try:
        found = yaml.safe_load(text) if text else {}
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise stop("--vars is not of the form '{setting: value}'")
    return found


def hand_to(command: Callable[[list[str]], int], *arguments: object, **options: object) -> None:
    """Calls a command of a module with the arguments and options that are given (as_of=... is --as-of); ends with its
    exit code."""
    given = [*arguments]
    for name, value in options.items():
        given += option(f"--{name.replace('_', '-')}", value)
    raise typer.Exit(command([str(argument) for argument in given if argument is not None]))


def option(name: str, value: object) -> list[object]:
    """An option for a module's command: name and value, the name alone for True, nothing where not given."""
    if value is True:
        return [name]
    return [] if value is None or value is False else [name, value]


@app.command(rich_help_panel=ORDER)
def init(
    la_code: Annotated[str | None, typer.Option(help="The council: its code (209) or its name.")] = None,
    period_end: Annotated[str | None, typer.Option(help="Last day of the 12 months, yyyy-mm-dd.")] = None,
    submission_date: Annotated[str | None, typer.Option(help="Day of sending, yyyy-mm-dd.")] = None,
    extracts: Annotated[str | None, typer.Option(help="Folder of the 15 extracts.")] = None,
    mappings: Annotated[str | None, typer.Option(help="Folder of your mapping files.")] = None,
    rules: Annotated[
        str | None, typer.Option(help="Folder of your own settings of rules, exceptions and limits.")
    ] = None,
    submissions: Annotated[str | None, typer.Option(help="Folder of earlier CLD files.")] = None,
    output: Annotated[str | None, typer.Option(help="Where the return is written.")] = None,
    prepared_by: Annotated[str | None, typer.Option(help="Who prepares the return.")] = None,
    approved_by: Annotated[str | None, typer.Option(help="Who approves it.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="The settings of the invented council.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a council.yml.")] = False,
    council: CouncilFile = None,
) -> None:
    """Write council.yml: asks for what is not given."""
    answers = {
        "la_code": la_code,
        "reporting_period_end": period_end,
        "submission_date": submission_date,
        "extracts_path": extracts,
        "mappings_path": mappings,
        "rules_path": rules,
        "submissions_path": submissions,
        "output_path": output,
        "prepared_by": prepared_by,
        "approved_by": approved_by,
    }
    try:
        raise typer.Exit(
            first_day.init(console, council or Path(settings.FILE), answers, demo=demo, overwrite=overwrite)
        )
    except settings.SettingsError as error:
        raise stop(f"Nothing was written.\n{error}") from None


@app.command("doctor", rich_help_panel=ORDER)
def doctor_(
    extracts: Annotated[
        Path | None, typer.Option(help="Only hold this folder of extracts against the contract.")
    ] = None,
    council: CouncilFile = None,
) -> None:
    """Look at this machine, the settings and every file, in seconds; build nothing."""
    if council:
        os.environ[settings.FILE_VARIABLE] = str(council)
    raise typer.Exit(doctor.examine_extracts(console, extracts) if extracts else doctor.examine(console))


@app.command(rich_help_panel=ORDER)
def template(
    folder: Annotated[Path, typer.Argument(help="Where to write; made if it is not there.")],
) -> None:
    """Write the 15 extracts as empty files with their headers (docs/extracts.md)."""
    from asc_cld import contract
    from asc_cld.readers.errors import InputError

    try:
        written = contract.write_template(folder)
    except InputError as error:
        raise stop(f"Nothing was written.\n{error}") from None
    console.print(f"{len(written)} files were written to {folder}.", soft_wrap=True, highlight=False)
    console.print(f"Fill them, then: asc-cld doctor --extracts {folder}", soft_wrap=True, highlight=False)


@app.command(rich_help_panel=ORDER)
def connect(
    discover: Annotated[
        bool, typer.Option("--discover", help="Only list the local choices in use: what the seeds must say.")
    ] = False,
    council: CouncilFile = None,
    given_vars: Vars = "",
) -> None:
    """Make the 15 extracts of the case system's tables (source_system, source_path); build does so too."""
    named = begin(council, given_vars)
    from asc_cld import connect as command

    values = {name: one.value for name, one in settings.in_force(None, given_vars=named).items()}
    try:
        if discover and values["source_system"] in command.systems():
            for title, columns, rows in command.discover(
                values["source_system"], Path(values["source_path"])
            ):
                console.print(f"\n{title}", markup=False, highlight=False, soft_wrap=True)
                for row in (columns, *rows):
                    line = ",".join("" if cell is None else str(cell) for cell in row)
                    console.print(line, markup=False, highlight=False, soft_wrap=True)
            return
        made = command.connect_as_set(values)
    except command.ConnectError as error:
        raise stop(f"No extract was written.\n{error}", 1) from None
    if made is None:
        raise stop("source_system is extracts: there is nothing to connect.")
    if not values["connector_confirmed_by"]:
        console.print(f"The connector {command.NOT_TRIED}.", soft_wrap=True, highlight=False)
    for note in made.notes:
        console.print(note, markup=False, soft_wrap=True, highlight=False)
    for extract, records in made.records.items():
        console.print(f"{extract:24}{records:>12,}", highlight=False)
    console.print(f"The extracts lie in {made.folder}.", soft_wrap=True, highlight=False)


@app.command("settings", rich_help_panel=ORDER)
def settings_(council: CouncilFile = None, given_vars: Vars = "") -> None:
    """Show every setting in force and who says so."""
    named = begin(council, given_vars)
    first_day.show_settings(console, named)


@app.command(rich_help_panel=ORDER)
def env(
    shell: Annotated[str, typer.Option(help="bash, cmd or powershell.")] = "",
    council: CouncilFile = None,
) -> None:
    """Print council.yml as lines that set the variables of a shell, for plain dbt."""
    begin(council)
    try:
        first_day.show_variables(console, shell or ("powershell" if os.name == "nt" else "bash"))
    except settings.SettingsError as error:
        raise stop(str(error)) from None


@app.command(rich_help_panel=ORDER)
def land(
    queries: Annotated[
        Path | None, typer.Option(help="Folder of your own queries, one .sql file an extract.")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(metavar="CSV", help="List of tables: table_name, column_name, required.")
    ] = None,
    system: Annotated[str, typer.Option(help="The tables that the connector of a system reads.")] = "",
    submissions: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="CLD files already made, of any number of councils: no database."
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to land (default: extracts_path, with --system source_path, with --submissions landed_path).",
        ),
    ] = None,
    sealed: Annotated[
        bool,
        typer.Option(
            "--sealed", help="With --submissions: to be read elsewhere, where the CLD files are not."
        ),
    ] = False,
    discover: Annotated[
        bool,
        typer.Option("--discover", help="Only say what the database holds and what of the list is missing."),
    ] = False,
    saved: Annotated[
        Path | None,
        typer.Option("--from", metavar="CSV", help="With --discover: a saved result, no database."),
    ] = None,
    show_query: Annotated[
        bool, typer.Option("--show-query", help="With --discover: print the query for somebody else to run.")
    ] = False,
    kind: Annotated[
        str, typer.Option(help="sqlserver, oracle, postgresql or other, where the driver does not say.")
    ] = "",
    dsn: Annotated[
        str, typer.Option(help="A source set up on this machine (default: ASC_CLD_CONNECTION).")
    ] = "",
    schema: Annotated[str, typer.Option(help="The schema of the tables, where several have them.")] = "",
    anew: Annotated[bool, typer.Option("--anew", help="Keep nothing of a landing that broke off.")] = False,
    council: CouncilFile = None,
) -> None:
    """Read the case system's database (ODBC), or CLD files already made, into Parquet files."""
    begin(council, folders_are_there=False)
    from asc_cld.landing import catalogue, command
    from asc_cld.landing.connection import BrokenOff, LandingError
    from asc_cld.readers.list_reader import list_folders

    if submissions:
        if queries or tables or system or discover:
            raise stop("--submissions lands CLD files and goes with no option of a database.")
        found = settings.in_force(settings.this_council())
        where = to or (Path(found["landed_path"].value) if found["landed_path"].is_given else None)
        if not where:
            raise stop("Where to? Give --to FOLDER.")
        lists = list_folders({name: one.value for name, one in found.items()})
        try:
            code = command.land_cld_files(console, submissions, where, lists=lists, is_sealed=sealed)
        except LandingError as error:
            raise stop(f"NOT LANDED: what was landed before is untouched.\n{error}") from None
        raise typer.Exit(code)
    if (system and tables) or (queries and (system or tables or discover)):
        raise stop("Give one of --queries, --tables and --system; --discover goes with the last two.")
    if not (queries or system or tables or discover):
        raise stop("What is to be read? Give --queries, --tables or --system, or --discover to look first.")
    # Where the next step looks for it: the extracts themselves, or the tables that a connector reads.
    given = settings.in_force(settings.this_council())["extracts_path" if queries else "source_path"]
    target = to or (Path(given.value) if (queries or system) and given.is_given else None)
    try:
        if show_query:
            print(catalogue.discovery_query(kind), end="")
            return
        if not target and not saved:
            raise stop("Where to? Give --to FOLDER.")
        wanted = catalogue.read_wanted(tables) if tables else []
        if system:
            wanted = catalogue.list_of_system(settings.PROJECT / "connectors", system)
        if discover:
            code = command.discover(
                console,
                folder=target or Path(),
                wanted=wanted,
                saved=saved,
                kind=kind,
                dsn=dsn,
                schema=schema,
            )
        else:
            code = command.land(
                console,
                target,
                queries=queries,
                wanted=wanted,
                kind=kind,
                dsn=dsn,
                schema=schema,
                anew=anew,
            )
    except BrokenOff as error:
        raise stop(
            f"{error}\nNOT LANDED: what was landed before is untouched. The same command goes on from here.",
            1,
        ) from None
    except LandingError as error:
        raise stop(f"Nothing was begun.\n{error}") from None
    raise typer.Exit(code)


@app.command("map", rich_help_panel=ORDER)
def map_(
    extracts: Annotated[Path | None, typer.Option(help="Folder of the extracts.")] = None,
    folder: Folder = None,
    read: Annotated[
        bool, typer.Option("--read", help="Read the filled workbook back into the mapping files.")
    ] = False,
    workbook: Annotated[
        Path | None, typer.Option(help="The workbook; mappings.xlsx in that folder unless named.")
    ] = None,
    council: CouncilFile = None,
) -> None:
    """Write the codes that the extracts hold into a workbook to fill in, and read it back."""
    # It makes the folder that council.yml names for the mappings.
    begin(council, folders_are_there=False)
    from asc_cld import mapping_workbook

    target = folder or os.environ.get("CLD_MAPPINGS_PATH")
    if not target:
        raise stop("Where to write? Give --folder, or mappings_path in council.yml.")
    source = (
        extracts
        or os.environ.get("CLD_EXTRACTS_PATH")
        or settings.project_vars()["defaults"]["extracts_path"]
    )
    hand_to(
        mapping_workbook.main,
        *("--folder", target),
        *(("--read",) if read else ("--extracts", source)),
        *option("--workbook", workbook),
    )


@app.command(rich_help_panel=MAKE)
def build(
    force_draft: Annotated[
        bool, typer.Option("--force-draft", help="Write a file called DRAFT although the checks say no.")
    ] = False,
    given_vars: Vars = "",
    verbose: Verbose = False,
    council: CouncilFile = None,
) -> None:
    """Build everything from the extracts, run every check, write the return."""
    named = begin(council, given_vars) | ({"force_draft": "true"} if force_draft else {})
    code = dbt_run.run_dbt(console, "build", "--selector", "build", named=named, verbose=verbose)
    found = settings.in_force(settings.this_council(), given_vars=named)
    if not found["extracts_path"].is_given and found["source_system"].value == settings.NO_SYSTEM:
        dbt_run.say(console, INVENTED)
    raise typer.Exit(code)


@app.command(rich_help_panel=MAKE)
def check(
    submissions: Annotated[
        Path | None, typer.Option(help="Folder of CLD files (default: submissions_path).")
    ] = None,
    landed: Landed = None,
    engine: EngineOption = Engine.DUCKDB,
    results: Results = None,
    rows_at_once: Annotated[
        int | None,
        typer.Option(min=1, help="With --results: as many rows in one run (default: a million; Spark: all)."),
    ] = None,
    given_vars: Vars = "",
    verbose: Verbose = False,
    council: CouncilFile = None,
) -> None:
    """Check and measure CLD files already made; needs no extracts."""
    named = files_to_check(begin(council, given_vars), submissions, landed)
    if results or engine is Engine.SPARK:
        code, _ = check_by_council(results, named, engine, verbose, rows_at_once)
        raise typer.Exit(code)
    if rows_at_once:
        raise stop("--rows-at-once goes with --results: into one database all is checked in one run.")
    raise typer.Exit(dbt_run.run_dbt(console, "build", "--selector", "check", named=named, verbose=verbose))


def files_to_check(named: dict[str, Any], submissions: Path | None, landed: Path | None) -> dict[str, Any]:
    """The variables of a run over CLD files already made, of a folder or as they were landed."""
    from asc_cld.readers.sources import TABLES
    from asc_cld.readers.submission_reader import cld_files

    if submissions and landed:
        raise stop("Give --submissions or --landed, not both.")
    # Before anything is built: a run that finds no file takes the tables of the last build with it.
    for given in (submissions, landed):
        if given and not given.is_dir():
            what = "that is a file; name its folder" if given.is_file() else "there is no such folder"
            raise stop(
                f"Nothing was begun.\n--{'submissions' if submissions else 'landed'} names {given}: {what}."
            )
    if submissions and not cld_files(submissions)[0]:
        raise stop(
            f"Nothing was begun.\n--submissions names {submissions}: no CLD file ({', '.join(TABLES)}) lies in it."
        )
    named = named | {"include_built": "false"}
    if submissions:
        # A landing that council.yml names is of other files.
        settings.do_without("landed_path")
        named.pop("landed_path", None)
        named["submissions_path"] = str(submissions)
    if landed:
        named["landed_path"] = str(landed)
    return named


def check_by_council(
    results: Path | None,
    named: dict[str, Any],
    engine: Engine,
    verbose: bool,
    rows_at_once: int | None = None,
) -> tuple[int, Path]:
    """Lands the files where no landing was given and computes what is new of each council.

    The exit code and the folder of the results. Raises typer.Exit where those there are of an earlier run.
    """
    from asc_cld import by_council, spark_run
    from asc_cld.landing import command
    from asc_cld.landing.connection import LandingError
    from asc_cld.landing.submissions import read_index
    from asc_cld.readers.list_reader import list_folders
    from asc_cld.results import LANDED, ResultsError, refuse_others

    found = settings.in_force(settings.this_council(), given_vars=named)
    results = results or Path(found["output_path"].value) / "spark"
    lists = list_folders({name: one.value for name, one in found.items()})
    landed, code = found["landed_path"].value, dbt_run.DONE
    every_row = sys.maxsize if engine is Engine.SPARK else by_council.ROWS_AT_ONCE
    try:
        if engine is Engine.SPARK:
            spark_run.refuse_without_spark()
        refuse_others(results)
        if not landed:
            landed = str(results / LANDED)
            code = command.land_cld_files(
                console, Path(found["submissions_path"].value), Path(landed), lists=lists, is_sealed=False
            )
        index = read_index(landed, lists)
    except (spark_run.SparkError, LandingError, ResultsError) as error:
        raise stop(f"Nothing was begun.\n{error}") from None
    try:
        ended = by_council.check(
            console,
            results,
            index,
            found=found,
            named=named,
            engine=engine.value,
            rows_at_once=rows_at_once or every_row,
            verbose=verbose,
        )
    except (spark_run.SparkError, LandingError, ResultsError) as error:
        before = f"The results in {results} are those of the run before, if there was one."
        raise stop(f"{before}\n{error}", getattr(error, "code", dbt_run.NOT_BEGUN)) from None
    return max(code, ended), results


def results_database(results: Path) -> Path:
    """The database of views over results that are whole, made anew."""
    from asc_cld import results as of_results

    try:
        of_results.write_database(results)
    except of_results.ResultsError as error:
        raise stop(str(error)) from None
    return results / of_results.DATABASE


def said_not_read(results: Path) -> int:
    """Names the files whose rows these results have not, since nobody could read them; the exit code that means it."""
    from asc_cld import results as of_results

    try:
        not_read = of_results.read_current(results)["not_read"]
    except of_results.ResultsError as error:
        raise stop(str(error)) from None
    for one in not_read:
        place = f", line {one['line']}" if one["line"] else ""
        dbt_run.say(console, f"Not in these results: {one['file']}{place}: {one['problem']}")
    return dbt_run.STOPPED if not_read else dbt_run.DONE


@app.command(rich_help_panel=LOOK)
def region(
    submissions: Annotated[
        Path | None,
        typer.Option(help="Folder with CLD files of several councils (default: submissions_path)."),
    ] = None,
    landed: Landed = None,
    engine: EngineOption = Engine.DUCKDB,
    results: Results = None,
    folder: Folder = None,
    given_vars: Vars = "",
    verbose: Verbose = False,
    council: CouncilFile = None,
) -> None:
    """Check the files of several councils; write measures and waits by region and a league of data quality."""
    named = files_to_check(begin(council, given_vars), submissions, landed)
    from asc_cld import region as command
    from asc_cld.readers.list_reader import list_folders

    # Results are taken as they are where no files are named.
    if submissions or landed or not results:
        found = settings.in_force(settings.this_council(), given_vars=named)
        values = {name: one.value for name, one in found.items()}
        try:
            command.refuse_one_council(
                values["submissions_path"], values["landed_path"], list_folders(values)
            )
        except command.Refused as reason:
            raise stop(f"Nothing was begun: {reason}.") from None
    is_made = False

    def look(result: Any) -> str:
        nonlocal is_made
        tables = [
            one
            for one in getattr(result, "results", None) or []
            if one.node.resource_type == "model" and one.node.schema == "regional"
        ]
        # A file that could not be read was said; the others are checked all the same.
        is_made = bool(tables) and all(str(one.status) == "success" for one in tables)
        return "" if is_made else "What a region may hand out was not written anew."

    selector, code, target = "region", dbt_run.DONE, ""
    if results or engine is Engine.SPARK:
        # Without files the results are taken as they are.
        if submissions or landed or not results:
            code, results = check_by_council(results, named, engine, verbose)
        else:
            code = said_not_read(results)
        named["database_path"] = str(results_database(results))
        selector, target = "regional", "region"
    ended = dbt_run.run_dbt(
        console,
        *("build", "--selector", selector),
        named=named,
        verbose=verbose,
        at_end=look,
        target=target,
    )
    code = max(code, ended)
    where = option("--database", named.get("database_path"))
    if not is_made:
        raise typer.Exit(code or dbt_run.STOPPED)
    written = command.main([str(word) for word in (*option("--folder", folder), *where)], named)
    raise typer.Exit(written or code)


@app.command(rich_help_panel=MAKE)
def fixlist(
    submission: Annotated[
        str | None, typer.Option(help="Of which file (default: the return built here, else the newest).")
    ] = None,
    seen_on: Annotated[str | None, typer.Option(help="Day of this list (default: day of sending).")] = None,
    with_identifiers: Identifiers = False,
    folder: Folder = None,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Write which records each team must mend, as workbooks and CSV."""
    begin(council)
    from asc_cld import fixlist as command

    hand_to(
        command.main,
        submission=submission,
        seen_on=seen_on,
        with_names=with_identifiers,
        output=folder,
        database=database,
    )


@app.command(rich_help_panel=LOOK)
def report(
    submission: Annotated[
        str | None,
        typer.Option(help="Of which file (default: the return built here, else the council's newest)."),
    ] = None,
    folder: Folder = None,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Write the page for managers: what got worse, which team to call, measures, waits, costs."""
    begin(council)
    from asc_cld import report as command

    hand_to(command.main, submission=submission, folder=folder, database=database)


@app.command(rich_help_panel=LOOK)
def explain(
    reference: Annotated[
        str | None, typer.Argument(help="An event reference, or a record of the extracts.")
    ] = None,
    record: Annotated[str | None, typer.Option(help="A record of the extracts.")] = None,
    person: Annotated[str | None, typer.Option(help="A person: identifier or NHS number.")] = None,
    field: Annotated[str | None, typer.Option(help="Only this field of the return.")] = None,
    form: Annotated[str, typer.Option("--format", help="text, csv or html.")] = "text",
    to: Annotated[Path | None, typer.Option(help="A file to write to; without it, the screen.")] = None,
    with_identifiers: Identifiers = False,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Say where a cell comes from, why it is blank, or why a record is not in the return."""
    begin(council)
    from asc_cld import explain as command

    hand_to(
        command.main,
        reference,
        record=record,
        person=person,
        field=field,
        format=form,
        to=to,
        with_identifiers=with_identifiers,
        database=database,
    )


@app.command(rich_help_panel=LOOK)
def movement(given_vars: Vars = "", verbose: Verbose = False, council: CouncilFile = None) -> None:
    """Compute what moved each figure since the submission before, person by person."""
    begin(council, given_vars)
    from asc_cld import measure_movement

    hand_to(measure_movement.main, vars=given_vars or None, verbose=verbose)


@app.command("compare-specification", rich_help_panel=LOOK)
def compare_specification(
    path: Annotated[Path, typer.Argument(help="The published list or workbook, CSV or XLSX.")],
    release: Annotated[str, typer.Option(help="The release the list is of.")] = "R2",
    source: Annotated[str | None, typer.Option(help="What to write as source.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Change the seeds.")] = False,
) -> None:
    """Compare the specification here with a published one."""
    from asc_cld import compare_specification as command

    hand_to(command.main, path, release=release, source=source, write=write)


@app.command(rich_help_panel=SEND)
def audit(folder: Folder = None, database: Database = None, council: CouncilFile = None) -> None:
    """Write the audit pack: one page and the CSV files behind it, with documentation and lineage."""
    begin(council)
    from asc_cld import audit_pack, lineage_page
    from asc_cld.database import default_path, open_database

    # What cannot be told of one run stops here, before anything is documented.
    open_database(database or default_path(), *audit_pack.TABLES_READ).close()
    code = dbt_run.run_dbt(console, "docs", "generate", "--static", named=of_database(database))
    if code:
        raise typer.Exit(code)
    lineage_page.write_page(database or default_path(), settings.target_folder() / lineage_page.PAGE)
    hand_to(audit_pack.main, folder=folder, database=database)


@app.command(rich_help_panel=LOOK)
def docs(verbose: Verbose = False, database: Database = None, council: CouncilFile = None) -> None:
    """Write documentation and lineage of a built database: target/static_index.html, target/field_lineage.html."""
    begin(council)
    from asc_cld import lineage_page
    from asc_cld.database import default_path

    no_return = lineage_page.why_no_return(database or default_path())
    code = dbt_run.run_dbt(
        console, "docs", "generate", "--static", named=of_database(database), verbose=verbose
    )
    if code:
        raise typer.Exit(code)
    console.print(str(settings.target_folder().absolute() / "static_index.html"), soft_wrap=True)
    # After a check alone there are models to document, and no field to follow.
    if no_return:
        console.print(f"No page of lineage: {no_return}", soft_wrap=True)
        raise typer.Exit(0)
    hand_to(lineage_page.main, database=database)


def of_database(database: Path | None) -> dict[str, str]:
    """The setting that names a database to dbt."""
    return {"database_path": str(database)} if database else {}


@app.command(rich_help_panel=SEND)
def verify(
    csv: Annotated[Path, typer.Argument(help="The file.")],
    manifest: Annotated[Path | None, typer.Argument(help="Its manifest (default: beside it).")] = None,
) -> None:
    """Say whether a CSV file is the return that a manifest describes. Exit code 1: it is not."""
    from asc_cld import verify as command

    hand_to(command.main, csv, manifest)


@app.command(rich_help_panel=SEND)
def sent(
    csv: Annotated[Path, typer.Argument(help="The file that was uploaded.")],
    on: Annotated[str, typer.Option("--on", help="The day of the upload, yyyy-mm-dd.")],
    by: Annotated[str, typer.Option("--by", help="The officer who uploaded it.")],
    receipt: Annotated[str, typer.Option("--receipt", help="What the portal gave as receipt.")],
    manifest: Annotated[Path | None, typer.Option(help="Its manifest (default: beside it).")] = None,
) -> None:
    """Record beside its manifest that a return was uploaded: when, by whom, with which receipt."""
    from asc_cld import sent as command

    hand_to(command.main, csv, manifest=manifest, on=on, by=by, receipt=receipt)


@app.command(rich_help_panel=LOOK)
def convert(
    paths: Annotated[list[Path], typer.Argument(help="CLD workbooks, or folders of them.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace CSV files made before.")] = False,
) -> None:
    """Turn CLD workbooks into CSV files beside them."""
    from asc_cld import convert_xlsx

    hand_to(convert_xlsx.main, *paths, overwrite=overwrite)


@app.command(rich_help_panel=SEND)
def export(
    with_identifiers: Identifiers = False,
    folder: Folder = None,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Write facts, dimensions and measures as Parquet files for Power BI."""
    begin(council)
    from asc_cld import export_powerbi

    hand_to(export_powerbi.main, with_identifiers=with_identifiers, folder=folder, database=database)


@app.command(rich_help_panel=SEND)
def share(
    recipient: Annotated[str, typer.Option(help="Who is to have it, as share_recipients.csv says.")],
    folder: Folder = None,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Write what one recipient may have: figures, and rows of its own. Exit code 2: refused, and why."""
    begin(council)
    from asc_cld import share as command

    hand_to(command.main, recipient=recipient, folder=folder, database=database)


@app.command("subject-access", rich_help_panel=SEND)
def subject_access(
    person: Annotated[
        str,
        typer.Option(help="Identifier or NHS number; '-' reads it from the keyboard, out of the history."),
    ],
    folder: Folder = None,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Find all rows about one person. Exit code 3: known, but not in the return; 1: not known; 2: refused."""
    begin(council)
    from asc_cld import subject_access as command

    hand_to(command.main, person=person, folder=folder, database=database)


@app.command(rich_help_panel=SEND)
def retention(
    days: Annotated[int, typer.Option(help="Keep what is younger than so many days.")],
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete; otherwise only say what would go.")
    ] = False,
    as_of: Annotated[str | None, typer.Option(help="Counted from this day (default: today).")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FOLDER",
            help="The folder of returns whose old files go (default: the setting output_path).",
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option("--results", metavar="FOLDER", help="Results of check --results that may go, too."),
    ] = None,
    landed: Annotated[
        Path | None,
        typer.Option(
            "--landed",
            metavar="FOLDER",
            help="A landing that may go, too (default: the setting landed_path).",
        ),
    ] = None,
    database: Database = None,
    council: CouncilFile = None,
) -> None:
    """Delete what is kept about people beyond a number of days."""
    begin(council)
    from asc_cld import retention as command

    hand_to(
        command.main,
        days=days,
        delete=delete,
        as_of=as_of,
        output=output,
        results=results,
        landed=landed,
        database=database,
    )


@app.command(
    rich_help_panel=LOOK, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def dbt(context: typer.Context, council: CouncilFile = None) -> None:
    """Run any dbt command with the council's settings: asc-cld dbt build --select model+"""
    begin(council)
    if not context.args:
        raise stop("Which dbt command? For instance: asc-cld dbt build --select cnf_requests+")
    raise typer.Exit(dbt_run.run_dbt(console, *context.args, verbose=True))
