# In which corner of the assumptions does it happen: PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010) in base R. Twentieth
# by twentieth it peels away histories from the side where the result is rarest, until what is left is a box in which it is
# frequent. The figure shows *coverage* (share of all such histories inside) against *density* (share inside that are such).
# The search of EMA Workbench (scenario_discovery.py) differs in details, so that its boxes may too.
#   Rscript analysis/scenario_discovery.R runs/NAME --response outcome=war --density 0.8
library(ggplot2)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "rundir.R"))
args <- read_arguments("scenario_discovery")
run <- open_run(args$run)
outcomes <- read_outcomes(run)
response <- read_response(outcomes, args$response)
if (!setequal(unique(response$values), c(0, 1))) stop_plainly("`", response$name, "` must be 0 in some histories and 1 in others")
inputs <- read_inputs(run, outcomes)
if (ncol(inputs) == 0) stop_plainly("nothing varies in this run: every number is fixed")
wanted <- if (is.na(args$density)) 0.8 else suppressWarnings(as.numeric(args$density))
if (is.na(wanted)) stop_plainly("--density is a share, such as 0.8")

# Those that go most with the result: noise only slows the search down.
MOST_INPUTS <- 12
# Share of the histories in a box that a step peels away, and least share of all that a box holds.
PEEL <- 0.05
LEAST <- 0.05
strength <- abs(vapply(inputs, function(column) cor(rank(column), response$values), numeric(1)))
inputs <- inputs[order(-strength)[seq_len(min(MOST_INPUTS, ncol(inputs)))]]

# The best cut of a box: the side of an input whose removal leaves the densest rest; nothing where none can be peeled.
best_cut <- function(inside) {
  best <- NULL
  for (column in names(inputs)) {
    values <- inputs[[column]][inside]
    for (low in c(TRUE, FALSE)) {
      border <- quantile(values, if (low) PEEL else 1 - PEEL, names = FALSE)
      # Where many have the same value, all of them are peeled.
      kept <- inside & (if (low) inputs[[column]] > border else inputs[[column]] < border)
      if (!any(kept) || sum(kept) < LEAST * nrow(inputs)) next
      density <- mean(response$values[kept])
      if (is.null(best) || density > best$density) best <- list(kept = kept, density = density)
    }
  }
  best
}

inside <- rep(TRUE, nrow(inputs))
boxes <- list(inside)
repeat {
  cut <- best_cut(inside)
  if (is.null(cut) || cut$density < mean(response$values[inside])) break
  inside <- cut$kept
  boxes[[length(boxes) + 1]] <- inside
}
if (length(boxes) < 2) stop_plainly("no box of assumptions holds more such histories than the rest")
limits <- function(inside) lapply(inputs, function(column) range(column[inside]))
whole <- limits(rep(TRUE, nrow(inputs)))
limited <- function(inside) names(which(mapply(function(own, all) any(own != all), limits(inside), whole)))
trajectory <- data.frame(
  coverage = vapply(boxes, function(inside) sum(response$values[inside]) / sum(response$values), numeric(1)),
  density = vapply(boxes, function(inside) mean(response$values[inside]), numeric(1)),
  limited = vapply(boxes, function(inside) length(limited(inside)), numeric(1)))
dense <- which(trajectory$density >= wanted)
at <- if (length(dense) > 0) dense[1] else which.max(trajectory$density)

cat(sprintf("%s: %.3f of all histories\n", response$name, mean(response$values)))
cat(sprintf("inside the box %.3f, and %.3f of all such histories are inside\n", trajectory$density[at], trajectory$coverage[at]))
for (column in limited(boxes[[at]])) {
  ends <- limits(boxes[[at]])[[column]]
  cat(sprintf("  %s: %.4g to %.4g\n", column, ends[1], ends[2]))
}

figure <- ggplot(trajectory, aes(coverage, density)) +
  geom_hline(yintercept = mean(response$values), linetype = "dashed", colour = "grey40") +
  geom_path(colour = "grey70") +
  geom_point(aes(colour = limited), size = 2.2) +
  geom_point(data = trajectory[at, ], shape = 1, size = 6) +
  scale_colour_viridis_c(option = "cividis") +
  labs(x = "coverage", y = paste("density of", response$name), colour = "assumptions that\nthe box limits", title = run$name, subtitle = run$title) +
  theme_minimal()
save_figure(figure, args$out)
