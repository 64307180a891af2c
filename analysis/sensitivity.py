# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # Which assumptions matter
# Of a sweep with `--design saltelli`: Sobol' indices by SALib, of the mean of a point. Of anything else: how strongly a
# result rises or falls with each number that varies (rank correlation), with bootstrap intervals; the ten strongest are
# shown. A correlation sees only what rises or falls throughout.
#
# `python analysis/sensitivity.py runs/NAME --response outcome=war`

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from SALib.analyze import sobol

from rundir import Run, RunError, arguments, guarded, save

SHOWN = 10
RESAMPLES = 200


# %% [markdown]
# Points of a Saltelli design come in SALib's order, so its estimator can read them as they are.

# %%
def sobol_indices(run, response):
    """First-order and total indices with 95 % intervals, one row a factor."""
    layout = run.layout["saltelli"]
    means = response.groupby(run.outcomes["point"]).mean().sort_index()
    names = run.factors
    if len(means) != run.manifest["run"]["points"]:
        raise RunError("some points have no finished replication, so that the indices cannot be computed")
    if means.nunique() < 2:
        raise RunError("the result is the same at every point, so that there is nothing to explain")
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    found = sobol.analyze(problem, means.to_numpy(dtype=float), calc_second_order=layout["second"], seed=1)
    return pd.DataFrame(
        {"first": found["S1"], "first_half": found["S1_conf"], "total": found["ST"], "total_half": found["ST_conf"]}, index=names
    ).sort_values("total")


def rank_correlations(run, response):
    """Rank correlation of the result with every input that varies, with bootstrap intervals, strongest last."""
    inputs = run.inputs
    if not len(inputs.columns):
        raise RunError("nothing varies in this run: every number is fixed")
    if response.nunique() < 2:
        raise RunError("the result is the same in every history, so that there is nothing to explain")
    strength = inputs.rank().corrwith(response.rank()).dropna()
    order = strength.abs().sort_values(kind="stable").index[-SHOWN:]
    ranks, target = inputs[order].rank().to_numpy(), response.rank().to_numpy()
    generator = np.random.default_rng(1)
    samples = np.empty((RESAMPLES, len(order)))
    for sample in samples:
        rows = generator.integers(len(target), size=len(target))
        picked, wanted = ranks[rows] - ranks[rows].mean(0), target[rows] - target[rows].mean()
        scale = np.sqrt((picked**2).sum(0) * (wanted**2).sum())
        sample[:] = np.divide(wanted @ picked, scale, out=np.zeros(len(order)), where=scale > 0)
    low, high = np.quantile(samples, [0.025, 0.975], axis=0)
    return pd.DataFrame({"correlation": strength[order], "low": low, "high": high}, index=order)


# %%
def main():
    args = arguments(
        "Which assumptions matter for a result", (("--response",), {"help": "outcome=NAME or a number column of outcomes.csv"})
    )
    run = Run(args.run)
    response, name = run.response(args.response)
    saltelli = isinstance(run.layout, dict) and "saltelli" in run.layout
    table = sobol_indices(run, response) if saltelli else rank_correlations(run, response)
    print(table.iloc[::-1].round(3).to_string())
    figure, axis = plt.subplots(figsize=(8, 1.4 + 0.42 * len(table)), layout="constrained")
    place = np.arange(len(table))
    if saltelli:
        for at, (kind, label) in enumerate([("first", "alone"), ("total", "with all interactions")]):
            axis.barh(place + 0.2 * (2 * at - 1), table[kind], 0.38, xerr=table[f"{kind}_half"], label=label, capsize=3)
        axis.legend()
        axis.set_xlabel(f"share of the variance of {name} (mean of a point), 95 % intervals")
    else:
        axis.barh(place, table["correlation"], color="#5b7a99")
        axis.hlines(place, table["low"], table["high"], color="black")
        axis.axvline(0, color="black", linewidth=0.8)
        axis.set_xlabel(f"rank correlation with {name}, 95 % intervals")
    axis.set_yticks(place, [run.label(column) for column in table.index])
    axis.set_title(run.title, loc="left", fontsize=10)
    save(figure, args.out)


if __name__ == "__main__":
    guarded(main)
