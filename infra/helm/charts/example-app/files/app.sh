# The app. TABLE, BUCKET, EVERY_SECONDS and MAKE_MISSING come from the chart's values; the region, the endpoint and who
# calls are AWS's own variables, which every SDK reads.
set -eu
export AWS_PAGER=
if [ "$MAKE_MISSING" = true ]; then
  aws dynamodb describe-table --table-name "$TABLE" --output text --query Table.TableStatus 2>/dev/null \
    || aws dynamodb create-table --table-name "$TABLE" --billing-mode PAY_PER_REQUEST --output text --query TableDescription.TableStatus \
      --key-schema AttributeName=pk,KeyType=HASH --attribute-definitions AttributeName=pk,AttributeType=S
  aws dynamodb wait table-exists --table-name "$TABLE"
  aws s3api head-bucket --bucket "$BUCKET" >/dev/null 2>&1 || aws s3 mb "s3://$BUCKET"
fi
while true; do
  now=$(date -u +%FT%TZ)
  aws dynamodb put-item --table-name "$TABLE" --item "{\"pk\": {\"S\": \"heartbeat\"}, \"at\": {\"S\": \"$now\"}}"
  seen=$(aws dynamodb get-item --table-name "$TABLE" --key '{"pk": {"S": "heartbeat"}}' --consistent-read --output text --query Item.at.S)
  echo "$seen" | aws s3 cp --only-show-errors - "s3://$BUCKET/heartbeat.txt"
  echo "heartbeat of $(aws s3 cp --only-show-errors "s3://$BUCKET/heartbeat.txt" -)"
  # The probe looks at how old this is.
  touch /tmp/alive
  sleep "$EVERY_SECONDS"
done
