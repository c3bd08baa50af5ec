# what: 5,000 random calls of each service beside MiniStack, moto and dynalite; footbridge stands alone in none
# lane: compile
# budget: 260
python_tools engines-requirements.txt
node_tools
cargo test --locked --test parity --no-run
# The same histories each time: what others show is for the night.
tests/scripts/references moto ministack dynalite -- \
  cargo test --locked --test parity engines -- --ignored --nocapture 2>&1 | tee "$CI_LOGS/parity.output"
grep -E 'answers compared|steps,' "$CI_LOGS/parity.output" | while read -r line; do report "$line"; done
