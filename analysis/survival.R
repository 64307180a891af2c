# How long peace lasts: Kaplan-Meier curves of the months from a settlement to renewed war; histories at peace when the
# simulation stops are censored. A curve for each value of the first factor of a sweep, or of the column named with --by.
#   Rscript analysis/survival.R runs/NAME --by term_guarantee
library(ggplot2)
library(survival)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "rundir.R"))
args <- read_arguments("survival")
run <- open_run(args$run)
outcomes <- read_outcomes(run)
signed <- outcomes[!is.na(outcomes$peace_months) & outcomes$peace_months > 0, ]
if (nrow(signed) == 0) stop_plainly("no history of this run has a settlement followed by an aftermath")
by <- args$by
if (is.na(by)) by <- read_factors(run)[1]
if (!is.na(by) && !by %in% names(signed)) stop_plainly("`", by, "` is no column of outcomes.csv")
signed$group <- if (is.na(by)) "all" else paste(by, "=", signed[[by]])

fit <- survfit(Surv(peace_months, renewed_war) ~ group, data = signed)
group <- if (is.null(fit$strata)) rep("all", length(fit$time)) else rep(sub("^group=", "", names(fit$strata)), fit$strata)
curve <- data.frame(time = fit$time, alive = fit$surv, low = fit$lower, high = fit$upper, group = group)
start <- data.frame(time = 0, alive = 1, low = 1, high = 1, group = unique(group))
curve <- rbind(start, curve)
print(summary(fit, times = intersect(c(12, 36, 60), 0:max(signed$peace_months)), extend = TRUE))

figure <- ggplot(curve, aes(time, alive, colour = group)) +
  geom_step() +
  geom_step(aes(y = low), linetype = "dotted", na.rm = TRUE) +
  geom_step(aes(y = high), linetype = "dotted", na.rm = TRUE) +
  coord_cartesian(ylim = c(0, 1)) +
  labs(x = "months since the settlement", y = "share still at peace (dotted: 95 %)", colour = NULL, title = run$name, subtitle = run$title) +
  theme_minimal()
save_figure(figure, args$out)
