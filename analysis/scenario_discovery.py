# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # In which corner of the assumptions does it happen
# PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010) by EMA Workbench: it peels away histories until what is left is
# a box of assumptions in which a result is frequent. The figure shows the trade-off between *coverage* (share of all such
# histories inside the box) and *density* (share of histories inside the box that are such); the chosen box is printed.
#
# `python analysis/scenario_discovery.py runs/NAME --response outcome=war`

# %%
import warnings

import matplotlib.pyplot as plt

warnings.filterwarnings("ignore", message="ipyparallel")  # an optional part that these scripts do not need
from ema_workbench.analysis import prim  # noqa: E402

from rundir import Run, RunError, arguments, guarded, save  # noqa: E402

# Inputs given to the search: those that go most with the result. Noise inputs only slow it down.
MOST_INPUTS = 12


# %%
def chosen(box, least):
    """The first step of the peeling trajectory with the density wanted, else the densest."""
    trajectory = box.peeling_trajectory
    dense = trajectory[trajectory["density"] >= least]
    return int(dense.index[0]) if len(dense) else int(trajectory["density"].idxmax())


# %%
def main():
    args = arguments(
        "Find the assumptions under which a result is frequent",
        (("--response",), {"help": "outcome=NAME, or a 0/1 column of outcomes.csv"}),
        (("--density",), {"type": float, "default": 0.8, "help": "share wanted inside the box (default 0.8)"}),
    )
    run = Run(args.run)
    response, name = run.response(args.response)
    if not set(response.unique()) == {0.0, 1.0}:
        raise RunError(f"`{name}` must be 0 in some histories and 1 in others")
    inputs = run.inputs
    if not len(inputs.columns):
        raise RunError("nothing varies in this run: every number is fixed")
    strength = inputs.rank().corrwith(response.rank()).abs().sort_values(ascending=False, kind="stable")
    inputs = inputs[strength.index[:MOST_INPUTS]]
    search = prim.Prim(inputs, response.to_numpy().astype(bool), threshold=0.05)
    box = search.find_box()
    if box is None:
        raise RunError("no box of assumptions holds more such histories than the rest")
    step = chosen(box, args.density)
    box.select(step)
    at = box.peeling_trajectory.loc[step]
    print(f"{name}: {response.mean():.3f} of all histories")
    print(f"inside the box {at['density']:.3f}, and {at['coverage']:.3f} of all such histories are inside")
    limits, whole = box.box_lims[step], box.box_lims[0]
    for column in inputs.columns:
        low, high = limits[column].iloc[0], limits[column].iloc[1]
        if low > whole[column].iloc[0] or high < whole[column].iloc[1]:
            print(f"  {column}: {low:.4g} to {high:.4g}")
    trajectory = box.peeling_trajectory
    figure, axis = plt.subplots(figsize=(7, 5), layout="constrained")
    points = axis.scatter(trajectory["coverage"], trajectory["density"], c=trajectory["res_dim"], cmap="cividis")
    axis.scatter([at["coverage"]], [at["density"]], s=160, facecolors="none", edgecolors="black", label="chosen box")
    axis.axhline(response.mean(), color="grey", linestyle="--", label="all histories")
    axis.set_xlabel("coverage")
    axis.set_ylabel(f"density of {name}")
    axis.set_title(run.title, loc="left", fontsize=10)
    axis.legend()
    figure.colorbar(points, label="assumptions that the box limits")
    save(figure, args.out)


if __name__ == "__main__":
    guarded(main)
