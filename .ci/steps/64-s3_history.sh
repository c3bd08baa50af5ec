# what: 20,000 random S3 calls answer as a plain model does
# budget: 90
FOOTBRIDGE_HISTORY_STEPS=20000 cargo test --test s3 history:: -- --nocapture 2>&1 | tee "$CI_LOGS/s3_history.output"
report "$(grep -E '^[0-9]+ steps in ' "$CI_LOGS/s3_history.output"), $(grep -o 'FOOTBRIDGE_HISTORY_SEED=[0-9]*' "$CI_LOGS/s3_history.output" | head -n 1)"
