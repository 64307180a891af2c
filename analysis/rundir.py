"""Reads a run directory of Détente: through its manifest (run.json) and its codebook (codebook.csv).

    run = Run("runs/fearon-s2025-r1000")
    run.outcomes            # a pandas table, one row a simulated history
    run.meaning("peace_months")

The manifest says which files belong to the run, how many rows each has and whether the run is finished; the codebook says
what type each column has and what it means. Nothing is guessed from file names or from the numbers.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # figures go to files; no window is needed

import pandas as pd  # noqa: E402

#: Layouts of run directories that these scripts know.
SCHEMAS = {2}

#: Columns of a table that say which row it is, not what came out.
KEYS = {"point", "replication", "seed", "status"}

#: Types of the codebook as pandas types; integers and booleans may be missing, so they are the nullable ones.
TYPES = {"integer": "Int64", "boolean": "Int8", "number": "float64", "text": "string"}


class RunError(Exception):
    """The directory is not a finished run that these scripts can read."""


class Run:
    """A finished run directory."""

    def __init__(self, directory):
        self.path = Path(directory)
        manifest = self.path / "run.json"
        if not manifest.is_file():
            raise RunError(f"{self.path}: no run.json; name the directory that `detente run` or `detente sweep` wrote")
        self.manifest = json.loads(manifest.read_text(encoding="utf-8"))
        schema = self.manifest["run"]["schema"]
        if schema not in SCHEMAS:
            raise RunError(f"{manifest}: schema {schema}, these scripts read {sorted(SCHEMAS)}")
        if self.manifest["done"] != self.manifest["planned"]:
            raise RunError(f"{self.path}: {self.manifest['done']} of {self.manifest['planned']} jobs are done; run it again to go on")
        self.codebook = pd.read_csv(self.path / "codebook.csv", dtype="string", keep_default_na=False)
        self._tables = {}

    @property
    def name(self):
        """Name of the directory, for titles and file names."""
        return self.path.resolve().name

    @property
    def title(self):
        """Model, seed and size, for titles of figures."""
        run = self.manifest["run"]
        points = f", {run['points']} points" if run["points"] > 1 else ""
        return f"{run['model']}, seed {run['seed']}{points}, {run['replications']} replications"

    def table(self, name):
        """A table of the run, such as `outcomes` or `draws`, with the types of the codebook."""
        if name not in self._tables:
            file = f"{name}.csv"
            if file not in self.manifest["files"]:
                raise RunError(f"{self.path}: this run wrote no {file}")
            rows = self.codebook[self.codebook["table"] == name]
            types = {row.column: TYPES[row.type] for row in rows.itertuples()}
            table = pd.read_csv(self.path / file, dtype=types, keep_default_na=False, na_values=[""])
            expected = self.manifest["files"][file]["rows"]
            if len(table) != expected:
                raise RunError(f"{self.path / file}: {len(table)} rows, the manifest says {expected}")
            self._tables[name] = table
        return self._tables[name]

    @property
    def outcomes(self):
        """One row a history; rows of failed replications are left out."""
        table = self.table("outcomes")
        return table[table["status"] == "ok"].reset_index(drop=True)

    @property
    def factors(self):
        """Names of the columns that a sweep varied; none of a run."""
        return [column for column in self.table("design").columns if column != "point"]

    @property
    def inputs(self):
        """One row a history: varied factors and drawn parameters, numbers that vary only, in the order of `outcomes`."""
        outcomes = self.outcomes
        keys = outcomes[["point", "replication"]]
        design = keys.merge(self.table("design"), on="point", how="left")
        draws = keys.merge(self.table("draws"), on=["point", "replication"], how="left")
        both = pd.concat([design[self.factors], draws.drop(columns=["point", "replication"])], axis=1)
        both = both.loc[:, ~both.columns.duplicated()].select_dtypes("number").astype(float)
        return both.loc[:, both.nunique(dropna=True) > 1]

    @property
    def layout(self):
        """How the points were laid out, as run: a word such as `grid`, or a word with its numbers."""
        return json.loads((self.path / "inputs.json").read_text(encoding="utf-8"))["layout"]

    def meaning(self, column, table="outcomes"):
        """What a column means, from the codebook; its name where the codebook has no word on it."""
        rows = self.codebook[(self.codebook["table"] == table) & (self.codebook["column"] == column)]
        return rows["meaning"].iloc[0] if len(rows) else column

    def label(self, column):
        """A factor or drawn parameter by its path in the model, as the codebook has it; the column's name without one."""
        for table in ("design", "draws"):
            found = re.search(r"value of ([\w.]+)", self.meaning(column, table))
            if found:
                return found.group(1).removeprefix("params.")
        return column

    def response(self, wanted=None):
        """A column of numbers to explain, and its name.

        `wanted` is `outcome=NAME` (1 where a history ended so), or a number column of outcomes.csv. Without it the most
        frequent outcome that is not the only one is taken.
        """
        outcomes = self.outcomes
        if wanted is None:
            shares = outcomes["outcome"].value_counts()
            wanted = f"outcome={shares.index[0]}"
        if wanted.startswith("outcome="):
            name = wanted.removeprefix("outcome=")
            known = sorted(self.table("outcomes")["outcome"].dropna().unique())
            if name not in known:
                raise RunError(f"no history ended in `{name}`; these occur: {', '.join(known)}")
            return (outcomes["outcome"] == name).astype(float), wanted
        if wanted not in outcomes.columns or not pd.api.types.is_numeric_dtype(outcomes[wanted]):
            raise RunError(f"`{wanted}` is no column of numbers of outcomes.csv; codebook.csv lists them")
        return outcomes[wanted].astype(float), wanted


def arguments(description, *options):
    """The command line of a script: the run directory, `--out FILE`, and further options."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("run", help="a run directory")
    parser.add_argument("--out", help="the figure to write (default: figures/<run>-<script>.png)")
    for names, settings in options:
        parser.add_argument(*names, **settings)
    args = parser.parse_args()
    if args.out is None:
        args.out = f"figures/{Path(args.run).resolve().name}-{Path(sys.argv[0]).stem}.png"
    return args


def save(figure, out):
    """Writes a figure and says where."""
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120, bbox_inches="tight")
    print(f"wrote {path}")


def guarded(main):
    """Runs a script; a problem with the run directory is one line, not a traceback."""
    try:
        main()
    except RunError as error:
        sys.exit(f"error: {error}")
