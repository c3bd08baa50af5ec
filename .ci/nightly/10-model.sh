# what: footbridge does what the models do in 200,000 random calls of each service, others every night
# lane: compile
# budget: 2400
cargo test --locked --release --test parity --no-run
FOOTBRIDGE_PARITY_STEPS=200000 FOOTBRIDGE_PARITY_SEED=random \
  cargo test --locked --release --test parity -- --nocapture 2>&1 | tee "$CI_LOGS/model.output"
