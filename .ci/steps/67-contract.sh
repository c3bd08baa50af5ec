# what: other engines keep the contracts that they are known to keep
# lane: compile
# budget: 100
python_tools engines-requirements.txt
node_tools
cargo test --locked --test contract --no-run
tests/scripts/references moto ministack dynalite -- \
  cargo test --locked --test contract engines -- --ignored --nocapture 2>&1 | tee "$CI_LOGS/contract.output"
grep -E 'contracts$' "$CI_LOGS/contract.output" | while read -r line; do report "$line"; done
