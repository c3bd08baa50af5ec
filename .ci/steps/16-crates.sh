# what: the three crates are packed as they would be published, without what only this repository needs
# lane: compile
# budget: 20
cargo package -p footbridge-record -p footbridge-tui -p footbridge --locked --no-verify --allow-dirty
for crate in "$CARGO_TARGET_DIR"/package/footbridge*.crate; do
  size=$(stat --format %s "$crate")
  report "$(basename "$crate"): $((size / 1024)) KiB"
  # What crates.io takes.
  test "$size" -lt $((10 * 1024 * 1024))
  if tar -tzf "$crate" | grep -E '^[^/]+/(\.(ci|github)|infra|packages)/'; then
    echo "that is of no use to who compiles $(basename "$crate")"
    exit 1
  fi
done
