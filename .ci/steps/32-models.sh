# what: random histories of DynamoDB calls leave what a plain model holds, 20,000 steps
# budget: 60
FOOTBRIDGE_MODEL_STEPS=20000 cargo test --test dynamodb_model 2>&1 | tee "$CI_LOGS/models.output"
report "20,000 steps in $(sed -n 's/^test result:.*finished in //p' "$CI_LOGS/models.output")"
