# Reads a run directory of Détente: through its manifest (run.json) and its codebook (codebook.csv).
# Sourced by the other scripts; base R only.

SCHEMA <- 2
TYPES <- c(integer = "integer", boolean = "integer", number = "numeric", text = "character")

stop_plainly <- function(...) {
  message("error: ", ...)
  quit(status = 1)
}

# The value of a flat number in the manifest, such as "done": 400.
manifest_number <- function(text, key) {
  found <- regmatches(text, regexpr(sprintf('"%s"\\s*:\\s*[0-9]+', key), text))
  if (length(found) == 0) stop_plainly("run.json has no `", key, "`")
  as.numeric(sub(".*:\\s*", "", found))
}

# A finished run: its path, name, manifest numbers and codebook.
open_run <- function(path) {
  manifest <- file.path(path, "run.json")
  if (!file.exists(manifest)) stop_plainly(path, ": no run.json; name the directory that `detente run` or `detente sweep` wrote")
  text <- paste(readLines(manifest, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  if (manifest_number(text, "schema") != SCHEMA) stop_plainly(manifest, ": this script reads schema ", SCHEMA)
  if (manifest_number(text, "done") != manifest_number(text, "planned")) stop_plainly(path, ": the run is not finished; run it again to go on")
  codebook <- read.csv(file.path(path, "codebook.csv"), colClasses = "character", encoding = "UTF-8")
  list(path = path, text = text, codebook = codebook,
       name = basename(normalizePath(path)),
       title = sprintf("seed %.0f, %.0f replications of each point", manifest_number(text, "seed"), manifest_number(text, "replications")))
}

# A table of the run with the types of the codebook.
read_table <- function(run, name) {
  rows <- run$codebook[run$codebook$table == name, ]
  types <- TYPES[rows$type]
  names(types) <- rows$column
  if (!grepl(sprintf('"%s.csv"', name), run$text, fixed = TRUE)) stop_plainly(run$path, ": this run wrote no ", name, ".csv")
  read.csv(file.path(run$path, paste0(name, ".csv")), colClasses = types, na.strings = "", encoding = "UTF-8", check.names = FALSE)
}

# One row a history; failed replications are left out.
read_outcomes <- function(run) {
  outcomes <- read_table(run, "outcomes")
  outcomes[outcomes$status == "ok", ]
}

# Columns that a sweep varied.
read_factors <- function(run) setdiff(names(read_table(run, "design")), "point")

# Numbers that vary between histories: factors and drawn parameters, in the order of `outcomes`.
read_inputs <- function(run, outcomes) {
  design <- read_table(run, "design")
  draws <- read_table(run, "draws")
  factors <- design[match(outcomes$point, design$point), setdiff(names(design), "point"), drop = FALSE]
  key <- function(table) paste(table$point, table$replication)
  drawn <- draws[match(key(outcomes), key(draws)), setdiff(names(draws), c("point", "replication", names(factors))), drop = FALSE]
  both <- cbind(factors, drawn)
  both[, vapply(both, function(column) is.numeric(column) && length(unique(column)) > 1, logical(1)), drop = FALSE]
}

# A result to explain: `outcome=NAME`, or a number column; by default the most frequent outcome.
read_response <- function(outcomes, wanted) {
  if (is.na(wanted)) wanted <- paste0("outcome=", names(sort(table(outcomes$outcome), decreasing = TRUE))[1])
  if (startsWith(wanted, "outcome=")) {
    name <- sub("^outcome=", "", wanted)
    if (!name %in% outcomes$outcome) stop_plainly("no history ended in `", name, "`")
    return(list(name = wanted, values = as.numeric(outcomes$outcome == name)))
  }
  if (!wanted %in% names(outcomes) || !is.numeric(outcomes[[wanted]])) stop_plainly("`", wanted, "` is no column of numbers of outcomes.csv")
  list(name = wanted, values = outcomes[[wanted]])
}

# The command line: RUN [--out FILE] [--response R] [--by COLUMN] [--x COLUMN] [--y COLUMN]
# [--density SHARE].
read_arguments <- function(script) {
  words <- commandArgs(trailingOnly = TRUE)
  if (length(words) < 1 || startsWith(words[1], "--")) stop_plainly("usage: Rscript analysis/", script, ".R RUN_DIRECTORY [--out FILE]")
  option <- function(name) {
    at <- match(paste0("--", name), words)
    if (is.na(at)) NA_character_ else words[at + 1]
  }
  out <- option("out")
  if (is.na(out)) out <- file.path("figures", sprintf("%s-%s-r.png", basename(normalizePath(words[1], mustWork = FALSE)), script))
  dir.create(dirname(out), showWarnings = FALSE, recursive = TRUE)
  list(run = words[1], out = out, response = option("response"), by = option("by"), x = option("x"), y = option("y"), density = option("density"))
}

save_figure <- function(figure, out, width = 8, height = 5) {
  ggplot2::ggsave(out, figure, width = width, height = height, dpi = 120, bg = "white")
  cat("wrote", out, "\n")
}
