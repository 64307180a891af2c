# Which assumptions matter for a result.
# Of a sweep with `--design saltelli`: Sobol' indices of the mean of a point (Saltelli et al. 2010, Jansen 1999), with bootstrap
# intervals. Of anything else: rank correlations with every number that varies, with bootstrap intervals; a correlation sees
# only what rises or falls throughout.
#   Rscript analysis/sensitivity.R runs/NAME --response outcome=war
library(ggplot2)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "rundir.R"))
args <- read_arguments("sensitivity")
run <- open_run(args$run)
outcomes <- read_outcomes(run)
response <- read_response(outcomes, args$response)
layout <- paste(readLines(file.path(args$run, "inputs.json"), encoding = "UTF-8", warn = FALSE), collapse = "\n")

# Sobol' indices. Points come in groups of a sample: A, then A with each factor of B, then the same the other way round where
# second orders were asked for, then B.
sobol <- function(means, factors, second) {
  width <- length(factors) * (if (second) 2 else 1) + 2
  samples <- matrix(means, nrow = width)
  a <- samples[1, ]
  b <- samples[width, ]
  mixed <- samples[seq_along(factors) + 1, , drop = FALSE]
  indices <- function(rows) {
    middle <- mean(c(a[rows], b[rows]))
    spread <- mean((c(a[rows], b[rows]) - middle)^2)
    if (spread == 0) return(rep(NA_real_, 2 * length(factors)))
    first <- apply(mixed[, rows, drop = FALSE], 1, function(own) mean((b[rows] - middle) * (own - a[rows]))) / spread
    total <- apply(mixed[, rows, drop = FALSE], 1, function(own) mean((a[rows] - own)^2)) / (2 * spread)
    c(first, total)
  }
  set.seed(1)
  resampled <- replicate(200, indices(sample.int(length(a), replace = TRUE)))
  ends <- apply(resampled, 1, quantile, c(0.025, 0.975), na.rm = TRUE)
  data.frame(input = rep(factors, 2), kind = rep(c("alone", "with all interactions"), each = length(factors)),
             index = indices(seq_along(a)), low = ends[1, ], high = ends[2, ])
}

rank_correlations <- function(inputs, values) {
  ranks <- vapply(inputs, rank, numeric(nrow(inputs)))
  target <- rank(values)
  strength <- cor(ranks, target)[, 1]
  shown <- names(sort(abs(strength), decreasing = TRUE))[seq_len(min(10, length(strength)))]
  set.seed(1)
  samples <- replicate(200, {
    rows <- sample.int(length(target), replace = TRUE)
    if (length(unique(target[rows])) < 2) rep(0, length(shown)) else cor(ranks[rows, shown, drop = FALSE], target[rows])[, 1]
  })
  samples <- matrix(samples, nrow = length(shown))
  data.frame(input = shown, correlation = strength[shown],
             low = apply(samples, 1, quantile, 0.025), high = apply(samples, 1, quantile, 0.975))
}

if (grepl('"saltelli"', layout, fixed = TRUE)) {
  factors <- read_factors(run)
  means <- tapply(response$values, outcomes$point, mean)
  if (length(means) != nrow(read_table(run, "design"))) stop_plainly("some points have no finished replication, so that the indices cannot be computed")
  if (length(unique(means)) < 2) stop_plainly("the result is the same at every point, so that there is nothing to explain")
  table <- sobol(as.numeric(means[order(as.numeric(names(means)))]), factors, grepl('"second": true', layout, fixed = TRUE))
  figure <- ggplot(table, aes(index, input, fill = kind)) +
    geom_col(position = position_dodge(0.8), width = 0.75) +
    geom_errorbarh(aes(xmin = low, xmax = high), position = position_dodge(0.8), height = 0.25) +
    scale_fill_manual(values = c("#9db4c9", "#3f5f7f")) +
    labs(x = paste("share of the variance of", response$name, "(mean of a point), 95 % intervals"), y = NULL, fill = NULL)
} else {
  inputs <- read_inputs(run, outcomes)
  if (ncol(inputs) == 0) stop_plainly("nothing varies in this run: every number is fixed")
  if (length(unique(response$values)) < 2) stop_plainly("the result is the same in every history, so that there is nothing to explain")
  table <- rank_correlations(inputs, response$values)
  figure <- ggplot(table, aes(correlation, reorder(input, abs(correlation)))) +
    geom_col(fill = "#5b7a99") +
    geom_errorbarh(aes(xmin = low, xmax = high), height = 0.25) +
    labs(x = paste("rank correlation with", response$name), y = NULL)
}
print(table, digits = 3, row.names = FALSE)
save_figure(figure + labs(title = run$name, subtitle = run$title) + theme_minimal(), args$out)
