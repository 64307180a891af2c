# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # How long peace lasts
# Kaplan–Meier curves of the months from a settlement to renewed war. Histories at peace when the simulation stops are
# censored, not counted as kept for ever. Of a sweep there is a curve for each value of its first factor, of a run one for
# each option of an issue (`--by term_guarantee`) or one for all.
#
# `python analysis/survival.py runs/NAME --by term_guarantee`

# %%
import matplotlib.pyplot as plt
from lifelines import KaplanMeierFitter

from rundir import Run, RunError, arguments, guarded, save

# More curves than this cannot be told apart.
MOST_CURVES = 8


# %%
def main():
    args = arguments("Survival of peace after a settlement", (("--by",), {"help": "a column of outcomes.csv; a curve for each value"}))
    run = Run(args.run)
    outcomes = run.outcomes
    signed = outcomes[outcomes["peace_months"].notna() & (outcomes["peace_months"] > 0)]
    if not len(signed):
        raise RunError("no history of this run has a settlement followed by an aftermath")
    by = args.by or (run.factors[0] if run.factors else None)
    if by is not None and by not in signed.columns:
        raise RunError(f"`{by}` is no column of outcomes.csv; codebook.csv lists them")
    groups = [("all", signed)] if by is None else [(f"{by} = {value}", rows) for value, rows in signed.groupby(by)]
    if len(groups) > MOST_CURVES:
        raise RunError(f"`{by}` has {len(groups)} values, at most {MOST_CURVES} curves are drawn; choose another with `--by`")
    figure, axis = plt.subplots(figsize=(8, 5), layout="constrained")
    for label, rows in groups:
        fit = KaplanMeierFitter(label=f"{label} (n={len(rows)})")
        fit.fit(rows["peace_months"].astype(float), event_observed=rows["renewed_war"].astype(float))
        fit.plot_survival_function(ax=axis, ci_alpha=0.15)
        after = [months for months in (12, 36, 60) if months <= rows["peace_months"].max()]
        print(f"{label}: " + ", ".join(f"at peace after {months} months {fit.predict(months):.3f}" for months in after))
    axis.set_ylim(0, 1.02)
    axis.set_xlabel("months since the settlement")
    axis.set_ylabel("share still at peace, 95 % band")
    axis.set_title(run.title, loc="left", fontsize=10)
    save(figure, args.out)


if __name__ == "__main__":
    guarded(main)
