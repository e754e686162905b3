#!/usr/bin/env bash
# Publishes this sample for each target, and shows size, instruction set and start-up time.
# Usage: publish.sh [TARGET...]   baseline, x86-64-v3, x86-64-v4, native; without one: the first three.
set -euo pipefail
cd "$(dirname "$0")"
runs=20
targets=("$@")
[[ $# -gt 0 ]] || targets=(baseline x86-64-v3 x86-64-v4)

for target in "${targets[@]}"; do
  out="$PWD/../../artifacts/inference/$target"
  rm -rf "$out"
  options=()
  [[ $target == baseline ]] || options=("-p:IlcInstructionSet=$target")
  dotnet publish -c Release --use-current-runtime -o "$out" -m:1 -v quiet -nologo "${options[@]}"

  printf '\n%s: %s files, %s bytes\n' "$target" "$(find "$out" -type f | wc -l)" "$(stat -c %s "$out/Inference")"
  if ! "$out/Inference" > "$out/../$target.txt"; then
    cat "$out/../$target.txt"
    echo "$target: the program failed" >&2
    exit 1
  fi
  sed -n '1,4p;$p' "$out/../$target.txt"

  # The whole life of a process, from its start to its end: an upper bound of the time to the first answer.
  times=()
  for ((run = 0; run < runs; run++)); do
    start=${EPOCHREALTIME/./}
    "$out/Inference" > /dev/null
    end=${EPOCHREALTIME/./}
    times+=($((end - start)))
  done
  mapfile -t sorted < <(printf '%s\n' "${times[@]}" | sort -n)
  middle=${sorted[runs / 2]}
  printf 'whole process: median %d.%d ms of %d runs\n' $((middle / 1000)) $((middle % 1000 / 100)) "$runs"
done
