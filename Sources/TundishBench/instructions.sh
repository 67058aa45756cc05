#!/usr/bin/env bash
# Counts the instructions per value of benchmarks on one thread and compares them with their budgets.
#   instructions.sh PATH_TO_TUNDISHBENCH [NAME ...]     all benchmarks whose names start so
# Each benchmark runs twice on few values; what the second run takes is counted, without preparing and
# checking. The release build counts; needs valgrind. Exits with 1 where a budget is exceeded.
set -euo pipefail
bench=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A dump before each counted run, which sets the counts to zero, and one before its answer is checked.
valgrind --tool=callgrind --callgrind-out-file="$folder/dump" \
  --dump-before='*countedRun*' --dump-before='*checkedAnswer*' \
  "$bench" --check --runs 2 "$@" >"$folder/log" 2>&1 || { tail -5 "$folder/log"; exit 1; }

number=0
exceeded=0
printf '%-44s %14s %10s\n' name instr/value budget
while IFS=$'\t' read -r name values budget; do
  number=$((number + 2))
  total=$(awk '/^(totals|summary):/ { print $2; exit }' "$folder/dump.$number")
  awk -v name="$name" -v total="$total" -v values="$values" -v budget="$budget" 'BEGIN {
    each = total / values
    over = budget != "" && each > budget
    printf "%-44s %14.2f %10s%s\n", name, each, budget, over ? "  exceeded" : ""
    exit over
  }' || exceeded=1
done < <("$bench" --budgets "$@")
exit $exceeded
