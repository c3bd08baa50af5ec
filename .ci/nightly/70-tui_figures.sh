# what: the dashboard over 100,000 calls, a million keys and a million items: its figures, held to nothing
# lane: compile
# budget: 2400
python_tools
release_program
cargo build --locked --release -p footbridge-benches --bin fill
client tui_figures.py --fill "$CARGO_TARGET_DIR/release/fill"
