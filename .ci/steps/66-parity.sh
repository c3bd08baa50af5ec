# what: footbridge never stands alone against engines in 5,000 random calls of DynamoDB; 5,000 of S3 are compared and counted
# budget: 300
python_tools engines-requirements.txt
node_tools
cargo test --locked --test parity --no-run
compare() { tests/scripts/references "$@" -- cargo test --locked --test parity "engines::$service" -- --ignored --nocapture; }
# The same histories each time: what others show is for the night.
export FOOTBRIDGE_PARITY_SEED=20261123
service=dynamodb
compare moto ministack dynalite 2>&1 | tee "$CI_LOGS/parity.output"
# Not all that the engines say otherwise of S3 has been looked into: docs/parity.md.
service=s3
FOOTBRIDGE_PARITY_TELL=1 FOOTBRIDGE_PARITY_TRIES=0 compare moto ministack 2>&1 | tee -a "$CI_LOGS/parity.output"
grep -E 'answers compared|steps,|stands alone' "$CI_LOGS/parity.output" | while read -r line; do report "$line"; done
