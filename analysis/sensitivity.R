# Which assumptions matter for a result: rank correlations with every number that varies, with bootstrap intervals.
# (Sobol' indices of a Saltelli design are printed by `detente sweep` itself and stand in summary.csv.)
#   Rscript analysis/sensitivity.R runs/NAME --response outcome=war
library(ggplot2)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "rundir.R"))
args <- read_arguments("sensitivity")
run <- open_run(args$run)
outcomes <- read_outcomes(run)
response <- read_response(outcomes, args$response)
inputs <- read_inputs(run, outcomes)
if (ncol(inputs) == 0) stop_plainly("nothing varies in this run: every number is fixed")
if (length(unique(response$values)) < 2) stop_plainly("the result is the same in every history, so that there is nothing to explain")

ranks <- vapply(inputs, rank, numeric(nrow(inputs)))
target <- rank(response$values)
strength <- cor(ranks, target)[, 1]
shown <- names(sort(abs(strength), decreasing = TRUE))[seq_len(min(10, length(strength)))]
set.seed(1)
samples <- replicate(200, {
  rows <- sample.int(length(target), replace = TRUE)
  if (length(unique(target[rows])) < 2) rep(0, length(shown)) else cor(ranks[rows, shown, drop = FALSE], target[rows])[, 1]
})
samples <- matrix(samples, nrow = length(shown))
table <- data.frame(input = shown, correlation = strength[shown],
                    low = apply(samples, 1, quantile, 0.025), high = apply(samples, 1, quantile, 0.975))
print(table, digits = 3, row.names = FALSE)

figure <- ggplot(table, aes(correlation, reorder(input, abs(correlation)))) +
  geom_col(fill = "#5b7a99") +
  geom_errorbarh(aes(xmin = low, xmax = high), height = 0.25) +
  labs(x = paste("rank correlation with", response$name), y = NULL, title = run$name, subtitle = run$title) +
  theme_minimal()
save_figure(figure, args$out)
