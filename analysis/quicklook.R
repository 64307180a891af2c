# A first look at a run: shares of outcomes with 95 % intervals.
#   Rscript analysis/quicklook.R runs/NAME
library(ggplot2)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "rundir.R"))
args <- read_arguments("quicklook")
run <- open_run(args$run)
outcomes <- read_outcomes(run)

# Wilson's interval of a share.
n <- nrow(outcomes)
z <- qnorm(0.975)
shares <- as.data.frame(table(outcome = outcomes$outcome), responseName = "count")
shares$share <- shares$count / n
middle <- (shares$share + z^2 / (2 * n)) / (1 + z^2 / n)
half <- z / (1 + z^2 / n) * sqrt(shares$share * (1 - shares$share) / n + z^2 / (4 * n^2))
shares$low <- middle - half
shares$high <- middle + half
print(shares[order(-shares$share), ], digits = 3, row.names = FALSE)

figure <- ggplot(shares, aes(share, reorder(outcome, share))) +
  geom_col(fill = "#5b7a99") +
  geom_errorbarh(aes(xmin = low, xmax = high), height = 0.25) +
  labs(x = "share of histories, 95 % interval", y = NULL, title = run$name, subtitle = run$title) +
  theme_minimal()
save_figure(figure, args$out)
