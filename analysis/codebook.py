# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # The codebook as a table, and labels for Stata
# Writes `codebook.md`, a table of every column of every file, and `labels.do`, which reads outcomes.csv into Stata and
# labels each variable with its meaning.
#
# `python analysis/codebook.py runs/NAME --out figures/codebook.md`

# %%
from pathlib import Path

from rundir import Run, arguments, guarded

# Stata's longest variable label.
LONGEST_LABEL = 80


# %%
def main():
    args = arguments("The codebook of a run as a Markdown table, and a Stata do-file")
    run = Run(args.run)
    out = Path(args.out).with_suffix(".md")
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"# Codebook: {run.title}", ""]
    for table, rows in run.codebook.groupby("table", sort=False):
        lines += [f"## {table}.csv", "", "| column | type | unit | range | meaning |", "| --- | --- | --- | --- | --- |"]
        for row in rows.itertuples():
            cells = [row.column, row.type, row.unit, row.range, row.meaning]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    out.write_text("\n".join(lines), encoding="utf-8")
    labels = ['import delimited using "outcomes.csv", varnames(1) case(preserve) clear']
    for row in run.codebook[run.codebook["table"] == "outcomes"].itertuples():
        meaning = row.meaning.replace('"', "'")[:LONGEST_LABEL]
        labels.append(f'label variable {row.column} "{meaning}"')
    out.with_name("labels.do").write_text("\n".join(labels) + "\n", encoding="utf-8")
    print(f"wrote {out} and {out.with_name('labels.do')}")


if __name__ == "__main__":
    guarded(main)
