# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # A first look at a run
# How the histories ended, with 95 % intervals, and when agreements were signed.
#
# `python analysis/quicklook.py runs/NAME`

# %%
import matplotlib.pyplot as plt
import numpy as np

from rundir import Run, arguments, guarded, save


# %% [markdown]
# The interval of a share is Wilson's: it stays inside 0 and 1 and is right for few histories.

# %%
def wilson(count, n, z=1.959964):
    """Lower and upper end of the interval of count/n."""
    share, scale = count / n, 1 + z**2 / n
    middle = (share + z**2 / (2 * n)) / scale
    half = z / scale * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


def draw(run):
    """Two panels: shares of outcomes, months to agreement."""
    outcomes = run.outcomes
    counts = outcomes["outcome"].value_counts().sort_values()
    n = len(outcomes)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 0.9 + 0.38 * max(len(counts), 5)), layout="constrained")
    shares = counts / n
    low, high = wilson(counts.to_numpy(dtype=float), n)
    left.barh(counts.index, shares, color="#5b7a99")
    left.errorbar(shares, counts.index, xerr=[shares - low, high - shares], fmt="none", ecolor="black", capsize=3)
    left.set_xlabel("share of histories, 95 % interval")
    left.set_title(run.title, loc="left", fontsize=10)
    months = outcomes["agreement_month"].dropna().astype(float)
    if len(months):
        right.hist(months, bins=range(int(months.max()) + 2), color="#5b7a99", edgecolor="white")
    right.set_xlabel(f"month of the agreement ({len(months)} of {n} histories have one)")
    right.set_ylabel("histories")
    return figure


# %%
def main():
    args = arguments("Shares of outcomes and months to agreement of a run")
    run = Run(args.run)
    outcomes = run.outcomes
    print(outcomes["outcome"].value_counts(normalize=True).round(3).to_string())
    save(draw(run), args.out)


if __name__ == "__main__":
    guarded(main)
