# Writes statistics.R.txt from the data of statistics.py.txt: Rscript statistics.R > statistics.R.txt
suppressPackageStartupMessages({ library(psych); library(pROC); library(epiR) })
put <- function(name, ...) cat(paste0(name, ": ", paste(sprintf("%.17g", c(...)), collapse = " ")), "\n", sep = "")
cat("# command: Rscript statistics.R > statistics.R.txt\n")
cat("#", R.version.string, "psych", as.character(packageVersion("psych")), "pROC", as.character(packageVersion("pROC")),
    "epiR", as.character(packageVersion("epiR")), "\n")
lines <- readLines("statistics.py.txt")
get <- function(name) as.numeric(strsplit(sub(paste0("^", name, ": "), "", grep(paste0("^", name, ": "), lines, value = TRUE)), " ")[[1]])
truth <- get("truth"); model <- get("model")

third <- truth * 0.97 + sin(seq_along(truth))
put("third", third)
icc <- ICC(cbind(truth, model, third), lmer = FALSE)$results
put("icc.agreement", icc["Single_random_raters", "ICC"], icc["Single_random_raters", "lower bound"], icc["Single_random_raters", "upper bound"])
put("icc.consistency", icc["Single_fixed_raters", "ICC"], icc["Single_fixed_raters", "lower bound"], icc["Single_fixed_raters", "upper bound"])

ccc <- epi.ccc(truth, model)
put("ccc", unlist(ccc$rho.c), ccc$C.b)

negatives <- round(truth[1:18] * 0.4 + 3); positives <- round(model[19:40] * 0.5 + 4)
put("positives", positives); put("negatives", negatives)
curve <- roc(controls = negatives, cases = positives, direction = "<", quiet = TRUE)
put("auc", auc(curve), ci.auc(curve, method = "delong")[c(1, 3)])

# Passing and Bablok 1983, written out with matrices; no package of Debian has it.
passingBablok <- function(x, y) {
  n <- length(x); s <- outer(y, y, "-") / outer(x, x, "-"); s <- s[upper.tri(s)]
  s <- sort(s[!is.nan(s) & s != -1]); k <- sum(s < -1); N <- length(s)
  b <- if (N %% 2 == 1) s[(N + 1) / 2 + k] else mean(s[c(N / 2, N / 2 + 1) + k])
  m1 <- round((N - qnorm(0.975) * sqrt(n * (n - 1) * (2 * n + 5) / 18)) / 2); m2 <- N - m1 + 1
  low <- s[m1 + k]; high <- s[m2 + k]
  c(b, low, high, median(y - b * x), median(y - high * x), median(y - low * x))
}
put("passingbablok", passingBablok(truth, model))
put("passingbablok.ties", passingBablok(round(truth), round(model)))
