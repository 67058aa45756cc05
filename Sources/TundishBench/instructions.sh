#!/usr/bin/env bash
# Counts the instructions per value of benchmarks on one thread and compares them with their budgets.
#   instructions.sh PATH_TO_TUNDISHBENCH [NAME ...]     all benchmarks whose names start so
# What a second run adds to the first is what a run takes: preparing and checking are in both.
# The release build counts; needs valgrind. Exits with 1 where a budget is exceeded.
set -euo pipefail
bench=$1
shift

# Prints the instructions of $2 runs of benchmark $1, and leaves what it says in $said.
said=$(mktemp)
trap 'rm -f "$said"' EXIT
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" --once "$1" --runs "$2" 2>&1 >"$said" \
    | awk '/Collected/ { print $NF }'
}

exceeded=0
printf '%-44s %14s %10s\n' name instr/value budget
for name in $("$bench" --list "$@"); do
  one=$(count "$name" 1)
  two=$(count "$name" 2)
  awk -v name="$name" -v one="$one" -v two="$two" '
    $1 == "values" { values = $2 }
    $1 == "budget" { budget = $2 }
    END {
      if (one == "" || two == "" || values == "") { print name ": failed"; exit 1 }
      each = (two - one) / values
      over = budget != "" && each > budget
      printf "%-44s %14.2f %10s%s\n", name, each, budget, over ? "  exceeded" : ""
      exit over
    }' "$said" || exceeded=1
done
exit $exceeded
