# what: 200,000 random calls of each service beside other engines, others every night; footbridge stands alone in none
# lane: compile
# budget: 5400
# CI_ENGINES and CI_SERVICE choose among them; the engines that packages do not bring come from
# tests/scripts/install_engines.sh.
python_tools engines-requirements.txt
node_tools
cargo test --locked --test parity --no-run
mkdir -p "$CARGO_TARGET_DIR/parity"
export FOOTBRIDGE_PARITY_STEPS=200000 FOOTBRIDGE_PARITY_SEED=random FOOTBRIDGE_PARITY_REPORT="$CARGO_TARGET_DIR/parity/report.json"
read -ra engines <<<"${CI_ENGINES:-moto ministack dynalite}"
tests/scripts/references --logs "$CARGO_TARGET_DIR/parity/logs" "${engines[@]}" -- \
  cargo test --locked --test parity "engines${CI_SERVICE:+::$CI_SERVICE}" -- --ignored --nocapture 2>&1 | tee "$CI_LOGS/engines.output"
grep -E 'answers compared|steps,' "$CI_LOGS/engines.output" | while read -r line; do report "$line"; done
