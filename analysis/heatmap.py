# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # One result over two assumptions
# A heat map of the mean of a result. Of a sweep the two axes are its first two factors; of a run they are the two drawn
# parameters that go most with the result. An axis with many values is cut into fifths.
#
# `python analysis/heatmap.py runs/NAME --response outcome=war --x cost_high --y p`

# %%
import matplotlib.pyplot as plt
import pandas as pd

from rundir import Run, RunError, arguments, guarded, save

# An axis with more values than this is cut into fifths.
MOST_VALUES = 12


# %%
def axes(run, inputs, response, x, y):
    """Names of the two axes: as wanted, else factors, else the draws with the strongest rank correlation."""
    chosen = [name for name in (x, y) if name]
    for name in chosen:
        if name not in inputs.columns:
            raise RunError(f"`{name}` does not vary in this run; these do: {', '.join(inputs.columns[:40])}")
    factors = [name for name in run.factors if name in inputs.columns]
    strength = inputs.rank().corrwith(response.rank()).abs().sort_values(ascending=False, kind="stable")
    for name in factors + list(strength.index):
        if len(chosen) < 2 and name not in chosen:
            chosen.append(name)
    if len(chosen) < 2:
        raise RunError("fewer than two numbers vary in this run; sweep two, as `detente sweep MODEL --vary A=0:1:0.25 --vary B=0:1:0.25`")
    return chosen


def cut(values):
    """The values themselves, or fifths with their limits as labels."""
    if values.nunique() <= MOST_VALUES:
        return values.round(6)
    return pd.qcut(values, 5, duplicates="drop").map(lambda part: f"{part.left:.3g} to {part.right:.3g}")


# %%
def main():
    option = lambda *names, **settings: (names, settings)  # noqa: E731
    args = arguments(
        "Mean of a result over two assumptions",
        option("--response", help="outcome=NAME or a number column of outcomes.csv"),
        option("--x", help="column of the horizontal axis"),
        option("--y", help="column of the vertical axis"),
    )
    run = Run(args.run)
    response, name = run.response(args.response)
    inputs = run.inputs
    x, y = axes(run, inputs, response, args.x, args.y)
    cells = pd.DataFrame({x: cut(inputs[x]), y: cut(inputs[y]), name: response})
    grid = cells.groupby([y, x], observed=True)[name].agg(["mean", "size"])
    means = grid["mean"].unstack(x)
    counts = grid["size"].unstack(x).fillna(0).astype(int)
    figure, axis = plt.subplots(figsize=(1.8 + 1.1 * len(means.columns), 1.6 + 0.6 * len(means)), layout="constrained")
    image = axis.imshow(means.to_numpy(dtype=float), origin="lower", aspect="auto", cmap="cividis")
    axis.set_xticks(range(len(means.columns)), [str(value) for value in means.columns], rotation=30, ha="right")
    axis.set_yticks(range(len(means)), [str(value) for value in means.index])
    middle = (means.max().max() + means.min().min()) / 2
    for row in range(len(means)):
        for column in range(len(means.columns)):
            value, count = means.iloc[row, column], counts.iloc[row, column]
            if count:
                color = "black" if value > middle else "white"
                axis.text(column, row, f"{value:.2f}\nn={count}", ha="center", va="center", color=color, fontsize=8)
    axis.set_xlabel(run.label(x))
    axis.set_ylabel(run.label(y))
    axis.set_title(f"mean of {name}\n{run.title}", loc="left", fontsize=10)
    figure.colorbar(image)
    save(figure, args.out)


if __name__ == "__main__":
    guarded(main)
