# what: random histories of calls leave what plain models hold, 20,000 steps each
# budget: 420
export FOOTBRIDGE_MODEL_STEPS=20000
for model in dynamodb s3; do
  [ -e "tests/${model}_model.rs" ] || continue
  cargo test --test "${model}_model" 2>&1 | tee "$CI_LOGS/models-$model.output"
  report "$model: $FOOTBRIDGE_MODEL_STEPS steps, $(sed -n 's/^test result:.*finished in //p' "$CI_LOGS/models-$model.output")"
done
