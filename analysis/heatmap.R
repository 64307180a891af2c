# The mean of a result over two assumptions: the first two factors of a sweep, or two columns named with --x and --y.
#   Rscript analysis/heatmap.R runs/NAME --response outcome=war --x cost_high --y p
library(ggplot2)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "rundir.R"))
args <- read_arguments("heatmap")
run <- open_run(args$run)
outcomes <- read_outcomes(run)
response <- read_response(outcomes, args$response)
inputs <- read_inputs(run, outcomes)

strength <- suppressWarnings(abs(cor(inputs, response$values, method = "spearman", use = "complete.obs")))
by_strength <- rownames(strength)[order(-strength)]
axes <- unique(na.omit(c(args$x, args$y, intersect(read_factors(run), names(inputs)), by_strength)))
if (length(axes) < 2) stop_plainly("fewer than two numbers vary in this run; sweep two")
unknown <- setdiff(axes[1:2], names(inputs))
if (length(unknown) > 0) stop_plainly("`", unknown[1], "` does not vary in this run")

# An axis with many values is cut into fifths.
cut_axis <- function(values) {
  if (length(unique(values)) <= 12) return(factor(round(values, 6)))
  cut(values, unique(quantile(values, seq(0, 1, 0.2))), include.lowest = TRUE, dig.lab = 3)
}
cells <- data.frame(x = cut_axis(inputs[[axes[1]]]), y = cut_axis(inputs[[axes[2]]]), value = response$values)
means <- aggregate(value ~ x + y, cells, mean)
figure <- ggplot(means, aes(x, y, fill = value)) +
  geom_tile() +
  geom_label(aes(label = sprintf("%.2f", value)), fill = "white", size = 3) +
  scale_fill_viridis_c(option = "cividis") +
  labs(x = axes[1], y = axes[2], fill = "mean", title = response$name, subtitle = paste(run$name, run$title, sep = ": ")) +
  theme_minimal()
save_figure(figure, args$out)
