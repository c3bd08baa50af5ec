# what: 5,000 random calls of each service answer as the model does, and footbridge never stands alone against the engines
# budget: 240
python_tools engines-requirements.txt
node_tools
cargo test --locked --test parity --no-run
tests/scripts/references moto ministack dynalite -- \
  cargo test --locked --test parity engines -- --ignored --nocapture 2>&1 | tee "$CI_LOGS/parity.output"
grep -E 'answers compared|steps,' "$CI_LOGS/parity.output" | while read -r line; do report "$line"; done
